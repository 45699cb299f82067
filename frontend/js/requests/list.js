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
import { pagedList } from "../ui/paged_list.js";
import { followNews } from "./follow_changes.js";
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
  followNews(list, query);
  return list;
}
