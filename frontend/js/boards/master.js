/**
 * The master's board: own requests by urgency, and new requests to accept.
 * `?day=today` shows one part of the day.
 */
import { actionButton } from "../ui/action_button.js";
import { Status } from "../config.js";
import { el, icon, listen, replace } from "../core/dom.js";
import { filterBar } from "../requests/filter_bar.js";
import { activeFilters, followFilters, hasFilters, nothingFound } from "../requests/filters.js";
import { mapAddress, phoneLink } from "../core/format.js";
import { loadLate } from "../ui/load_late.js";
import { dayChips, dayTitle, myDay } from "./master_day.js";
import { ticketCards } from "../requests/card.js";
import { requestList } from "../requests/list.js";
import { acceptRequest } from "../requests.js";
import { nextButtons } from "../requests/actions.js";
import { may } from "../requests/transitions.js";
import { emptyState } from "../ui/screen.js";
import { moveButtons } from "../requests/undoable_buttons.js";
import { toast } from "../ui/toast.js";
import { inChunks } from "../core/chunks.js";
import { params } from "../core/url.js";

export function masterBoard(user) {
  const chips = dayChips();
  const frame = () => ticketCards(user, actions, { variant: "day" });
  const day = myDay(user, { frame, onCounts: chips.setCounts });
  const unassigned = unassignedSection({
    frame,
    onPage: ({ total }) => total !== undefined && chips.setCounts({ new: total }),
  });
  const found = requestList({ query: () => ({ sort: "-startdate", ...activeFilters() }), frame, empty: nothingFound });
  const foundTitle = el("h2", { class: "visually-hidden" }, "Найденные заявки");
  const container = el("div");

  const arrangeBoard = () => {
    const part = params().get("day");
    const sections = [part !== "new" && day.node, (!part || part === "new") && unassigned.node].filter(Boolean);
    replace(container, hasFilters() ? [foundTitle, found.node] : el("div", { class: "boards" }, sections));
  };
  const reloadFound = () => hasFilters() && found.reload();

  followFilters(reloadFound);
  listen("url-changed", arrangeBoard);
  arrangeBoard();
  inChunks([day.reload, unassigned.reload, reloadFound], (reload) => reload());
  const head = el("div", { class: "page__head" }, el("h1", {}, "Моя работа"), dayTitle());
  return {
    head,
    content: [chips.node, filterBar({ placeholder: "Номер, модель, клиент, поломка" }), container],
    countersLast: true,
  };
}

function unassignedSection({ frame, onPage }) {
  const empty = () =>
    emptyState({
      iconName: "done",
      title: "Свободных заявок нет",
      text: "Как только клиент сдаст прибор в ремонт, заявка появится здесь.",
    });
  const list = requestList({
    query: () => ({ requeststatus: Status.NEW, masterid: "none", sort: "startdate" }),
    frame,
    empty,
    onPage,
  });
  const title = "Новые — можно взять";
  return {
    node: el("section", { class: "section", "aria-label": title }, el("h2", {}, title), list.node),
    reload: list.reload,
  };
}

const actions = (repair) => [
  may(repair, "accept") && accept(repair.requestid),
  ...nextButtons(repair, moveButtons),
  tools(repair),
];

/** Sent at once, without time to undo: other masters may accept the request, too. */
const accept = (requestid) =>
  actionButton({ text: "Принять", icon: "work", variant: "primary", key: `accept-${requestid}` }, async () => {
    await acceptRequest(requestid);
    toast(`Заявка № ${requestid} теперь ваша`);
  });

function tools(repair) {
  const phone = repair.phone ?? repair.client.phone;
  const shown = [
    phone && call(phone),
    repair.address && map(repair.address),
    may(repair, "comment") && comment(repair),
  ].filter(Boolean);
  return shown.length > 0 && el("div", { class: "ticket__tools" }, shown);
}

const call = (phone) => el("a", { class: "tool", href: phoneLink(phone) }, icon("phone"), "Позвонить");

const map = (address) =>
  el(
    "a",
    { class: "tool", href: mapAddress(address), target: "_blank", rel: "noopener noreferrer" },
    icon("place"),
    "На карте",
  );

const comment = (repair) =>
  el(
    "button",
    {
      class: "tool",
      type: "button",
      "data-key": `comment-${repair.requestid}`,
      onclick: async () => (await loadLate(() => import("../requests/comment_dialog.js")))?.openComment(repair),
    },
    icon("comment"),
    "Написать",
  );
