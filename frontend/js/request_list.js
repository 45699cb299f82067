/**
 * A list of requests, grown by pages.
 *
 *   const list = requestList({
 *     query: () => ({ requeststatus: ["В работе"], sort: "-startdate" }),
 *     draw: (items) => ticketCards(items, user),
 *     empty: () => emptyState({ … }),
 *   });
 */
import { pagedList } from "./paged_list.js";
import { listRequests } from "./requests.js";

export const requestList = ({ query, draw, empty }) =>
  pagedList({ loadPage: (page) => listRequests(query(), page), draw, empty, words: ["заявка", "заявки", "заявок"], changed: "request-saved" });
