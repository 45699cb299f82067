/**
 * Requests as a table for desktops, with sortable columns chosen by the user.
 *
 *   requestTable({ pick: (repair) => checkbox, pickAll: checkbox, assign: (repair) => button })   // a frame of ui/virtual_list.js
 *   COLUMNS  FIXED_COLUMNS  chosenColumns()
 */
import { dueBadge, priorityBadge, stars, statusBadge, when } from "../ui/badge.js";
import { el, icon } from "../core/dom.js";
import { DEFAULT_SORT } from "./filters.js";
import { requestNumber, shortName } from "../core/format.js";
import { preferred } from "../core/preferences.js";
import { clientName, deviceName } from "../requests.js";
import { pageLink, params } from "../core/url.js";

export const FIXED_COLUMNS = ["number", "device"];
const USUAL_COLUMNS = ["status", "client", "master", "startdate", "duedate"];
const PICK_REM = 3;

const nothing = () => el("span", { class: "muted" }, "—");
const cell = (...children) => el("td", {}, children);

/** Columns by name: heading, order of the first press, width in rem, cell. The column without a width takes the rest. */
export const COLUMNS = {
  number: {
    label: "Номер",
    sort: "-requestid",
    rem: 5,
    cell: ({ requestid }) => el("td", { class: "number" }, requestNumber(requestid)),
  },
  device: { label: "Прибор и неисправность", rem: null, cell: deviceCell },
  status: {
    label: "Статус",
    rem: 11.5,
    cell: (repair) =>
      cell(el("div", { class: "cell-badges" }, statusBadge(repair.requeststatus), priorityBadge(repair.priority))),
  },
  priority: {
    label: "Срочность",
    sort: "-priority",
    rem: 8,
    cell: ({ priority }) => cell(priorityBadge(priority) ?? el("span", { class: "muted" }, priority)),
  },
  client: { label: "Клиент", rem: 9.5, cell: (repair) => cell(shortName(clientName(repair))) },
  phone: { label: "Телефон", rem: 10, cell: ({ phone, client }) => cell(phone ?? client.phone ?? nothing()) },
  address: { label: "Адрес", rem: 12, cell: ({ address }) => cell(address ?? nothing()) },
  master: {
    label: "Мастер",
    rem: 11.5,
    cell: ({ master }, assign) =>
      cell(master ? shortName(master.fullname) : [el("span", { class: "muted" }, "не назначен"), assign]),
  },
  startdate: { label: "Принята", sort: "-startdate", rem: 7.5, cell: ({ startdate }) => cell(when(startdate)) },
  duedate: {
    label: "Срок",
    sort: "duedate",
    rem: 12.5,
    cell: (repair) =>
      cell(dueBadge(repair) ?? (repair.duedate ? el("span", { class: "muted" }, when(repair.duedate)) : nothing())),
  },
  completiondate: {
    label: "Завершена",
    sort: "-completiondate",
    rem: 8,
    cell: ({ completiondate }) => cell(completiondate ? when(completiondate) : nothing()),
  },
  serialnumber: { label: "Серийный номер", rem: 9, cell: ({ serialnumber }) => cell(serialnumber ?? nothing()) },
  rating: { label: "Оценка", rem: 8, cell: ({ rating }) => cell(rating ? stars(rating.score) : nothing()) },
};
const DEVICE_REM = 16;

export const chosenColumns = () => preferred("columns", USUAL_COLUMNS).filter((name) => name in COLUMNS);

export function requestTable({ pick, pickAll, assign }) {
  const chosen = chosenColumns();
  const columns = Object.keys(COLUMNS)
    .filter((name) => FIXED_COLUMNS.includes(name) || chosen.includes(name))
    .map((name) => COLUMNS[name]);
  const head = el("tr", {}, el("th", { class: "pick" }, pickAll), columns.map(heading));
  const table = el(
    "table",
    { class: "table table--long" },
    el("caption", { class: "visually-hidden" }, "Заявки"),
    widths(columns),
    el("thead", {}, head),
  );
  table.style.minInlineSize = `${columns.reduce((sum, { rem }) => sum + (rem ?? DEVICE_REM), PICK_REM)}rem`;
  return {
    node: scrolling(table),
    container: table,
    page: () => el("tbody"),
    gap: (height) => gapRow(columns.length + 1, height),
    row: (repair) => row(repair, columns, pick, assign),
    count: (node, position, { total, total_is_capped }) => {
      table.setAttribute("aria-rowcount", total_is_capped ? -1 : total + 1);
      node.setAttribute("aria-rowindex", position + 1);
    },
  };
}

/** If all columns fit, the table does not scroll sideways and its head can be sticky. */
function scrolling(table) {
  const node = el("div", { class: "table-wrap" }, table);
  new ResizeObserver(() => node.toggleAttribute("data-fits", table.offsetWidth <= node.clientWidth)).observe(node);
  return node;
}

/** Fixed widths, so that the columns do not move when pages are loaded and removed. */
function widths(columns) {
  const one = (rem) => {
    const col = el("col");
    if (rem) col.style.inlineSize = `${rem}rem`;
    return col;
  };
  return el(
    "colgroup",
    {},
    one(PICK_REM),
    columns.map(({ rem }) => one(rem)),
  );
}

function gapRow(columns, height) {
  const filler = el("td", { colspan: columns });
  filler.style.blockSize = `${height}px`;
  return el("tr", { class: "gap", "aria-hidden": "true" }, filler);
}

/** `sort`: order of the first press; the next press reverses it. */
function heading({ label, sort }) {
  if (!sort) return el("th", { scope: "col" }, label);
  const column = sort.replace("-", "");
  const current = params().get("sort") ?? DEFAULT_SORT;
  const order = { [column]: "ascending", [`-${column}`]: "descending" }[current] ?? "none";
  const reversed = order === "descending" ? column : `-${column}`;
  const link = pageLink(
    { sort: order === "none" ? sort : reversed },
    { "data-key": `sort-${column}` },
    label,
    icon("chevron"),
  );
  return el("th", { scope: "col", "aria-sort": order }, link);
}

const row = (repair, columns, pick, assign) =>
  el(
    "tr",
    { "data-requestid": repair.requestid },
    el("td", { class: "pick" }, pick(repair)),
    columns.map((column) => column.cell(repair, assign(repair))),
  );

function deviceCell(repair) {
  const { requestid, problemdescription } = repair;
  const link = pageLink(
    { request: requestid },
    { "data-key": `request-${requestid}` },
    el("strong", {}, deviceName(repair)),
    el("small", { class: "clamp" }, problemdescription),
  );
  return el("th", { scope: "row" }, link);
}
