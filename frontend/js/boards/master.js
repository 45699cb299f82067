/**
 * The master's day: what is late, what is due today, what waits for parts, the
 * rest of their work, and what can be taken. `?day=today` shows one part alone.
 */
import { actionButton } from "../ui/action_button.js";
import { Status } from "../config.js";
import { el, icon, listen, replace } from "../core/dom.js";
import { filterBar } from "../requests/filter_bar.js";
import { activeFilters, followFilters, hasFilters, nothingFound } from "../requests/filters.js";
import { mapAddress, phoneLink } from "../core/format.js";
import { loadLate } from "../ui/load_late.js";
import { dayChips, dayTitle, myDay } from "./master_day.js";
import { startPlanning } from "../requests/undoable_moves.js";
import { ticketCards } from "../requests/card.js";
import { requestList } from "../requests/list.js";
import { acceptRequest } from "../requests.js";
import { masterNext } from "../requests/transitions.js";
import { emptyState } from "../ui/screen.js";
import { stepButtons } from "../requests/undoable_buttons.js";
import { toast } from "../ui/toast.js";
import { inChunks } from "../core/chunks.js";
import { params } from "../core/url.js";

export function masterBoard(user) {
  startPlanning(user);
  const chips = dayChips();
  const frame = () => ticketCards(user, (repair) => actions(repair, user), { variant: "day" });
  const day = myDay(user, { frame, onCounts: chips.tell });
  const fresh = freshSection({ frame, onPage: ({ total }) => total !== undefined && chips.tell({ new: total }) });
  const found = requestList({ query: () => ({ sort: "-startdate", ...activeFilters() }), frame, empty: nothingFound });
  const place = el("div");

  const arrangeBoard = () => {
    const part = params().get("day");
    const sections = [part !== "new" && day.node, (!part || part === "new") && fresh.node].filter(Boolean);
    replace(place, hasFilters() ? found.node : el("div", { class: "boards" }, sections));
  };
  const readFound = () => hasFilters() && found.reload();

  followFilters(readFound);
  listen("url-changed", arrangeBoard);
  arrangeBoard();
  inChunks([day.reload, fresh.reload, readFound], (read) => read());
  const head = el("div", { class: "page__head" }, el("h1", {}, "Моя работа"), dayTitle());
  return {
    head,
    content: [chips.node, filterBar({ placeholder: "Номер, модель, клиент, поломка" }), place],
    countersLast: true,
  };
}

function freshSection({ frame, onPage }) {
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

function actions(repair, user) {
  const { requestid, requeststatus, master } = repair;
  const isMine = master?.user_id === user.user_id;
  if (requeststatus === Status.NEW) return [(isMine || !master) && accept(requestid), tools(repair, isMine)];
  const next = isMine ? masterNext(repair) : [];
  return [next.length > 0 && stepButtons(repair, next), tools(repair, isMine)];
}

/** Others want it too, so it is not put off. */
const accept = (requestid) =>
  actionButton({ text: "Принять", icon: "work", variant: "primary", key: `accept-${requestid}` }, async () => {
    await acceptRequest(requestid);
    toast(`Заявка № ${requestid} теперь ваша`);
  });

function tools(repair, isMine) {
  const phone = repair.phone ?? repair.client.phone;
  const shown = [phone && call(phone), repair.address && map(repair.address), isMine && comment(repair)].filter(
    Boolean,
  );
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
