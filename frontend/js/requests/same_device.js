/**
 * Other requests of the same appliance.
 *
 *   showDevice(container, { requestid: 7 })    // in the request's dialog
 *   pastRequests(items)                        // the list alone
 *   const hint = deviceHint(form);             // while a request is typed: hint.node, hint.load()
 */
import { statusBadge, when } from "../ui/badge.js";
import { TYPING_PAUSE_MS } from "../config.js";
import { debounce, el, icon, replace } from "../core/dom.js";
import { requestNumber, shortName } from "../core/format.js";
import { isOpen } from "../core/statuses.js";
import { deviceName, loadDevice } from "../requests.js";
import { createScreen, skeletonRows } from "../ui/screen.js";
import { href, pageLink } from "../core/url.js";

const SAME = { serialnumber: "тот же серийный номер", techmodel: "та же модель у того же клиента" };
const IN_A_HINT = 3;

export function showDevice(container, device) {
  createScreen(container, {
    load: (signal) => loadDevice(device, signal),
    render: ({ items, has_more }) => [
      pastRequests(items),
      has_more && el("p", { class: "muted" }, "Показаны десять последних."),
    ],
    isEmpty: ({ items }) => items.length === 0,
    empty: () => el("p", { class: "muted" }, "Других заявок этого прибора нет."),
    skeleton: () => skeletonRows(1),
  }).reload();
}

export const pastRequests = (items) => el("ul", { class: "past" }, items.map(pastRequest));

function pastRequest(item) {
  const facts = [when(item.startdate), item.master && ` · ${shortName(item.master.fullname)}`, ` · ${SAME[item.same]}`];
  const link = pageLink(
    { request: item.requestid },
    { class: "past__link", "data-key": `past-${item.requestid}` },
    el("span", { class: "number" }, requestNumber(item.requestid)),
    " ",
    deviceName(item),
  );
  return el(
    "li",
    { class: "past__one" },
    el("div", { class: "past__head" }, link, statusBadge(item.requeststatus)),
    el("p", {}, item.problemdescription),
    el("p", { class: "event__who" }, facts),
  );
}

export function deviceHint(form) {
  const node = el("div", { role: "status" });
  const { serialnumber, techmodel, clientid } = form.elements;
  let asked = null;
  const load = async () => {
    const device = {
      serialnumber: serialnumber.value.trim(),
      techmodel: techmodel.value.trim(),
      clientid: clientid?.value,
    };
    const key = (asked = JSON.stringify(device));
    const found = device.serialnumber || device.techmodel ? await loadDevice(device).catch(() => null) : null;
    if (asked === key) replace(node, found?.items.length > 0 && hint(found.items));
  };
  const loadLater = debounce(load, TYPING_PAUSE_MS);
  for (const control of [serialnumber, techmodel, clientid]) control?.addEventListener("input", loadLater);
  return { node, load };
}

/** Open requests come first: the new one is probably a duplicate. */
function hint(items) {
  const open = items.filter(({ requeststatus }) => isOpen(requeststatus));
  const hasOpen = open.length > 0;
  const title = hasOpen ? "По этому прибору уже есть открытая заявка" : "Этот прибор уже ремонтировали";
  const lines = [...new Set([...open, ...items])]
    .slice(0, IN_A_HINT)
    .map((item) => el("li", {}, hintLink(item), " ", statusBadge(item.requeststatus), " ", when(item.startdate)));
  return el(
    "div",
    { class: `notice${hasOpen ? " notice--warn" : ""}` },
    icon("refresh"),
    el(
      "div",
      { class: "block block--tight" },
      el("p", {}, el("strong", {}, title)),
      el("ul", { class: "past past--hint" }, lines),
    ),
  );
}

/** The link opens another tab, so that typed text stays. */
const hintLink = ({ requestid }) =>
  el(
    "a",
    { href: href({ request: requestid, new: null, step: null }), target: "_blank", rel: "noopener" },
    requestNumber(requestid),
  );
