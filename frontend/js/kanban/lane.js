/**
 * Column of the kanban board: cards of one status, with their number in the head.
 *
 *   const one = lane({ status, query: () => ({ … }), onCount });
 *   one.node  one.reload()  one.items()  one.count()   // null until loaded
 *   one.cards()        // element that takes a moved card at once
 *   one.onMoved(card)  // after the server has accepted it
 *   kanbanCard(repair)
 *
 * Columns of finished requests only show the number until they are opened.
 */
import { dueBadge, priorityBadge } from "../ui/badge.js";
import { el, icon, replace } from "../core/dom.js";
import { number, requestNumber, shortName } from "../core/format.js";
import { isOpen as isOpenStatus, lookOf } from "../core/statuses.js";
import { pagedList } from "../ui/paged_list.js";
import { prefer, preferred } from "../core/preferences.js";
import { followChanges } from "../requests/follow_changes.js";
import { clientName, deviceName, listRequests } from "../requests.js";
import { createScreen } from "../ui/screen.js";
import { pageLink } from "../core/url.js";

const OPEN_LANES = "lanes";
const NEAR_PX = 400;

export function lane({ status, query, onCount }) {
  const look = lookOf(status);
  const figure = el("span", { class: "lane__count number" });
  const body = el("div", { class: "lane__body", onscroll: () => growNear(body) });
  const isFinished = !isOpenStatus(status);
  const fold =
    isFinished && el("button", { class: "link", type: "button", onclick: toggle, "data-key": `fold-${status}` });
  const heading = el("h3", {}, icon(look.icon), look.plural, figure);
  const node = el(
    "section",
    { class: `lane lane--${look.variant}`, "data-lane": status, "aria-label": look.plural },
    el("header", { class: "lane__head" }, heading, fold),
    body,
  );
  let total = null;

  const loadPage = async (page) => showTotal(await listRequests(query(), page), page);
  const list = pagedList({
    loadPage,
    frame,
    idOf: ({ requestid }) => requestid,
    empty: () => cardsOf("Здесь пусто"),
    words: ["заявка", "заявки", "заявок"],
  });
  const counting = createScreen(el("div"), {
    load: (signal) => loadPage({ limit: 1, signal }),
    render: () => [],
    skeleton: () => [],
  });
  const isOpen = () => !isFinished || preferred(OPEN_LANES, []).includes(status);
  const current = () => (isOpen() ? list : counting);

  function showTotal(answer, { cursor }) {
    if (cursor) return answer;
    total = answer.total;
    replace(figure, number(total), answer.total_is_capped && "+");
    onCount();
    return answer;
  }

  function toggle() {
    const opened = preferred(OPEN_LANES, []);
    prefer(OPEN_LANES, isOpen() ? opened.filter((one) => one !== status) : [...opened, status]);
    reload();
  }

  function reload() {
    node.toggleAttribute("data-folded", !isOpen());
    if (fold) [fold.textContent, fold.ariaExpanded] = isOpen() ? ["Свернуть", "true"] : ["Показать последние", "false"];
    replace(body, isOpen() ? list.node : el("p", { class: "lane__note" }, "Карточку можно перенести и сюда"));
    current().reload();
  }

  /** An open column loads the card itself; a folded one removes it and shows the number only. */
  function onMoved(card) {
    if (isOpen()) return;
    const hadFocus = card.contains(document.activeElement);
    card.remove();
    if (hadFocus) fold.focus();
  }

  followChanges(
    { shows: list.shows, update: (ids) => node.isConnected && (isOpen() ? list.update(ids) : counting.update()) },
    query,
  );
  return {
    status,
    look,
    node,
    reload,
    items: list.items,
    count: () => total,
    cards: () => body.querySelector("ul") ?? body,
    onMoved,
  };
}

const cardsOf = (...content) =>
  el(
    "ul",
    { class: "lane__cards" },
    content.map((one) => el("li", { class: "lane__note" }, one)),
  );

function frame() {
  const node = cardsOf();
  return { node, container: node, row: kanbanCard };
}

export function kanbanCard(repair) {
  const { requestid, master } = repair;
  const title = pageLink(
    { request: requestid },
    { class: "kanban-card__title", draggable: "false", "data-key": `request-${requestid}` },
    deviceName(repair),
  );
  const grip = el(
    "button",
    {
      class: "icon-button kanban-card__grip",
      type: "button",
      "aria-label": `Переместить ${requestNumber(requestid)}`,
      "aria-describedby": "kanban-help",
      "data-key": `grip-${requestid}`,
    },
    icon("grip"),
  );
  const facts = [
    el("span", {}, icon("person"), shortName(clientName(repair))),
    el("span", {}, icon("work"), master ? shortName(master.fullname) : "без мастера"),
  ];
  const badges = [dueBadge(repair), priorityBadge(repair.priority)].filter(Boolean);
  return el(
    "li",
    { class: "kanban-card", "data-requestid": requestid },
    el("p", { class: "number" }, requestNumber(requestid)),
    title,
    el("p", { class: "ticket__facts" }, facts),
    badges.length > 0 && el("p", { class: "kanban-card__badges" }, badges),
    grip,
  );
}

/** Load the next cards before the end of the column is visible. */
function growNear(body) {
  if (body.scrollHeight - body.scrollTop - body.clientHeight < NEAR_PX)
    body.querySelector("[data-key=more]:not([aria-busy])")?.click();
}
