/** The manager's and the administrator's dashboard: every request, found and sorted. */
import { assignFirstButton } from "./assign_first.js";
import { el } from "./dom.js";
import { exportButtons } from "./export_buttons.js";
import { activeFilters, filterBar, followFilters, hasFilters, nothingFound } from "./filters.js";
import { loadPanel } from "./load_panel.js";
import { ticketCards } from "./request_card.js";
import { newRequestLink } from "./request_link.js";
import { requestList } from "./request_list.js";
import { DEFAULT_SORT, requestTable } from "./request_table.js";
import { emptyState } from "./states.js";

const wide = window.matchMedia("(width >= 60rem)");

export function officeBoard(user) {
  const query = () => ({ sort: DEFAULT_SORT, ...activeFilters() });
  const frame = () => (wide.matches ? requestTable({ assign: assignFirstButton }) : ticketCards(user, (repair) => [assignFirstButton(repair)]));
  const list = requestList({ query, frame, empty });
  wide.addEventListener("change", list.redraw);
  followFilters(list.reload);
  list.reload();
  const head = el("div", { class: "page__head" }, el("h1", {}, "Заявки"), el("div", { class: "form__actions" }, exportButtons("/requests/export", query), newRequestLink()));
  const filters = filterBar({ placeholder: "Номер, модель, клиент, поломка", office: true });
  return { head, content: [loadPanel({ open: wide.matches }), filters, el("h2", { class: "visually-hidden" }, "Список заявок"), list.node] };
}

function empty() {
  if (hasFilters()) return nothingFound();
  return emptyState({ title: "Заявок пока нет", text: "Примите первый прибор: клиента можно завести прямо у стойки.", action: newRequestLink() });
}
