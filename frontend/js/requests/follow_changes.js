/**
 * A list of requests follows what others do.
 *
 *   followNews(list, () => query);      // `list` has shows(id) and update(ids)
 */
import { onChanges } from "../live/changes.js";

const UNSEEN = ["comment"];
const FIXED_SORTS = ["-startdate", "startdate", "-requestid", "requestid"];

export function followNews(list, query) {
  return onChanges(({ changes, everything }) => {
    const seen = changes.filter(
      ({ requestid, type }) => !UNSEEN.includes(type) && (list.shows(requestid) || mayEnter(query(), type)),
    );
    if (everything || seen.length)
      list.update(seen.filter(({ isForeign }) => isForeign).map(({ requestid }) => requestid));
  });
}

/** Into a list of everything in an order that never changes only a new request can come. */
function mayEnter({ sort, ...filters }, type) {
  return type === "created" || Object.keys(filters).length > 0 || !FIXED_SORTS.includes(sort);
}
