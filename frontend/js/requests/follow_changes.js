/**
 * Updates of a list after changes of its requests.
 *
 *   followChanges(list, () => query);      // `list` has shows(id) and update(ids)
 */
import { onChanges } from "../live/changes.js";

const NOT_IN_LISTS = ["comment"];
const FIXED_SORTS = ["-startdate", "startdate", "-requestid", "requestid"];

export function followChanges(list, query) {
  return onChanges(({ changes, everything }) => {
    const relevant = changes.filter(
      ({ requestid, type }) => !NOT_IN_LISTS.includes(type) && (list.shows(requestid) || mayEnter(query(), type)),
    );
    if (everything || relevant.length)
      list.update(relevant.filter(({ isForeign }) => isForeign).map(({ requestid }) => requestid));
  });
}

/** False if a change cannot add a request: in an unfiltered list with a fixed order only new requests appear. */
function mayEnter({ sort, ...filters }, type) {
  return type === "created" || Object.keys(filters).length > 0 || !FIXED_SORTS.includes(sort);
}
