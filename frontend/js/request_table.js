/**
 * Requests as a table with sortable columns: the manager's desktop.
 *
 *   requestTable({ assign: (repair) => button })     // a frame of paged_list.js
 */
import { dueBadge, priorityBadge, statusBadge, when } from "./badge.js";
import { el, icon } from "./dom.js";
import { requestNumber, shortName } from "./format.js";
import { clientName, deviceName } from "./requests.js";
import { pageLink, params } from "./url.js";

export const DEFAULT_SORT = "-startdate";

const COLUMNS = [
  ["Номер", "-requestid"],
  ["Прибор и неисправность", null],
  ["Статус", null],
  ["Клиент", null],
  ["Мастер", null],
  ["Принята", "-startdate"],
  ["Срок", "duedate"],
];

export function requestTable({ assign }) {
  const head = el("tr", {}, COLUMNS.map(([label, sort]) => heading(label, sort)));
  const caption = el("caption", { class: "visually-hidden" }, "Заявки");
  const place = el("tbody");
  const node = el("div", { class: "table-wrap" }, el("table", { class: "table" }, caption, el("thead", {}, head), place));
  return { node, place, row: (repair) => row(repair, assign(repair)) };
}

/** `sort`: the order of the first press; the next one turns it round. */
function heading(label, sort) {
  if (!sort) return el("th", { scope: "col" }, label);
  const column = sort.replace("-", "");
  const current = params().get("sort") ?? DEFAULT_SORT;
  const order = { [column]: "ascending", [`-${column}`]: "descending" }[current] ?? "none";
  const turned = order === "descending" ? column : `-${column}`;
  const link = pageLink({ sort: order === "none" ? sort : turned }, { "data-key": `sort-${column}` }, label, icon("chevron"));
  return el("th", { scope: "col", "aria-sort": order }, link);
}

function row(repair, assignButton) {
  const { requestid, master } = repair;
  const link = pageLink({ request: requestid }, { "data-key": `request-${requestid}` }, el("strong", {}, deviceName(repair)), el("small", { class: "clamp" }, repair.problemdescription));
  return el(
    "tr",
    {},
    el("td", { class: "number" }, requestNumber(requestid)),
    el("th", { scope: "row" }, link),
    el("td", {}, el("div", { class: "cell-badges" }, statusBadge(repair.requeststatus), priorityBadge(repair.priority))),
    el("td", {}, shortName(clientName(repair))),
    el("td", {}, master ? shortName(master.fullname) : [el("span", { class: "muted" }, "не назначен"), assignButton]),
    el("td", { class: "no-wrap" }, when(repair.startdate)),
    el("td", {}, dueBadge(repair) ?? el("span", { class: "muted" }, repair.duedate ? when(repair.duedate) : "—")),
  );
}
