/** The client's board: new request, own requests with their state, and ratings. */
import { Status } from "../config.js";
import { el, icon } from "../core/dom.js";
import { filterBar } from "../requests/filter_bar.js";
import { activeFilters, followFilters, hasFilters, nothingFound } from "../requests/filters.js";
import { shortName } from "../core/format.js";
import { isOpen } from "../core/statuses.js";
import { ticketCards } from "../requests/card.js";
import { newRequestLink } from "../requests/new_link.js";
import { requestList } from "../requests/list.js";
import { may } from "../requests/transitions.js";
import { emptyState } from "../ui/screen.js";
import { pageLink } from "../core/url.js";

export function clientBoard(user) {
  const list = requestList({
    query: () => ({ sort: "-startdate", ...activeFilters() }),
    frame: () => ticketCards(user, actions, { says: stateOf }),
    empty,
  });
  followFilters(list.reload);
  list.reload();
  const head = el("div", { class: "page__head" }, el("h1", {}, "Мои заявки"), newRequestLink());
  return {
    head,
    content: [
      filterBar({ placeholder: "Номер, модель, поломка" }),
      el("h2", { class: "visually-hidden" }, "Список заявок"),
      list.node,
    ],
  };
}

function empty() {
  if (hasFilters()) return nothingFound();
  const text = "Расскажите, что сломалось, — мастерская примет прибор, а здесь будет видно, что с ним происходит.";
  return emptyState({ title: "Заявок пока нет", text, action: newRequestLink() });
}

/** State of the repair in one sentence. */
function stateOf({ requeststatus, master, rating }) {
  const name = master && shortName(master.fullname);
  return {
    [Status.NEW]: name ? `Мастер ${name} скоро начнёт` : "Ждёт мастера",
    [Status.IN_PROGRESS]: `Мастер ${name} ремонтирует`,
    [Status.WAITING]: "Ждём запчасть",
    [Status.DONE]: rating ? "Готово, спасибо за оценку" : "Готово, можно забирать",
  }[requeststatus];
}

function actions(repair) {
  const { requestid, requeststatus, rating } = repair;
  const wantsRating = may(repair, "rate") && !rating;
  const progressLink =
    isOpen(requeststatus) &&
    pageLink({ request: requestid }, { class: "button", "data-key": `look-${requestid}` }, "Где мой ремонт");
  return [
    wantsRating &&
      pageLink(
        { request: requestid },
        { class: "button button--primary", "data-key": `rate-${requestid}` },
        icon("star"),
        "Оценить ремонт",
      ),
    progressLink,
  ];
}
