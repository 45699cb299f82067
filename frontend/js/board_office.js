/** The manager's and the administrator's dashboard: every request, found and sorted. */
import { el } from "./dom.js";
import { activeFilters, filterBar, followFilters, hasFilters, nothingFound } from "./filters.js";
import { ticketCards } from "./request_card.js";
import { requestList } from "./request_list.js";
import { newRequestLink } from "./request_new.js";
import { DEFAULT_SORT, requestTable } from "./request_table.js";
import { emptyState } from "./states.js";

const wide = window.matchMedia("(width >= 60rem)");

export function officeBoard(user) {
  const query = () => ({ sort: DEFAULT_SORT, ...activeFilters() });
  const list = requestList({ query, draw: (items) => (wide.matches ? requestTable(items) : ticketCards(items, user)), empty });
  wide.addEventListener("change", list.redraw);
  followFilters(list.reload);
  list.reload();
  const head = el("div", { class: "page__head" }, el("h1", {}, "Заявки"), newRequestLink());
  return { head, content: [filterBar({ placeholder: "Номер, модель, клиент, поломка", office: true }), el("h2", { class: "visually-hidden" }, "Список заявок"), list.node] };
}

function empty() {
  if (hasFilters()) return nothingFound();
  return emptyState({ title: "Заявок пока нет", text: "Примите первый прибор: клиента можно завести прямо у стойки.", action: newRequestLink() });
}
