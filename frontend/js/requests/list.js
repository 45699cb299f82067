/**
 * A paged list of requests that updates after changes.
 *
 *   const list = requestList({
 *     query: () => ({ requeststatus: ["В работе"], sort: "-startdate" }),
 *     frame: () => ticketCards(user),
 *     empty: () => emptyState({ … }),
 *     onPage: ({ total }) => …,     // optional: called for each loaded page
 *   });
 */
import { pagedList } from "../ui/paged_list.js";
import { followChanges } from "./follow_changes.js";
import { listRequests } from "../requests.js";

export function requestList({ query, frame, empty, onPage = () => {} }) {
  const loadPage = async (page) => {
    const answer = await listRequests(query(), page);
    onPage(answer);
    return answer;
  };
  const list = pagedList({
    loadPage,
    frame,
    idOf: ({ requestid }) => requestid,
    empty,
    words: ["заявка", "заявки", "заявок"],
  });
  followChanges(list, query);
  return list;
}
