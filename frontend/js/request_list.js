/**
 * A list of requests, grown by pages, that follows what others do.
 *
 *   const list = requestList({
 *     query: () => ({ requeststatus: ["В работе"], sort: "-startdate" }),
 *     frame: () => ticketCards(user),
 *     empty: () => emptyState({ … }),
 *     onPage: ({ total }) => …,     // optional: each page as it comes
 *   });
 */
import { onChanges } from "./changes.js";
import { pagedList } from "./paged_list.js";
import { listRequests } from "./requests.js";

const UNSEEN = ["comment"];
const FIXED_SORTS = ["-startdate", "startdate", "-requestid", "requestid"];

export function requestList({ query, frame, empty, onPage = () => {} }) {
  const loadPage = async (page) => {
    const answer = await listRequests(query(), page);
    onPage(answer);
    return answer;
  };
  const list = pagedList({ loadPage, frame, idOf: ({ requestid }) => requestid, empty, words: ["заявка", "заявки", "заявок"] });
  onChanges(({ changes, everything }) => {
    const seen = changes.filter(({ requestid, type }) => !UNSEEN.includes(type) && (list.shows(requestid) || mayEnter(query(), type)));
    if (everything || seen.length) list.update(seen.filter(({ isForeign }) => isForeign).map(({ requestid }) => requestid));
  });
  return list;
}

/** Into a list of everything in an order that never changes only a new request can come. */
function mayEnter({ sort, ...filters }, type) {
  return type === "created" || Object.keys(filters).length > 0 || !FIXED_SORTS.includes(sort);
}
