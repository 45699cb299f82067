/**
 * Menu «Переместить…»: all columns by name; those that do not accept the request
 * show the reason.
 *
 *   openMoveMenu(repair, (status) => …)
 */
import { openDialog } from "../ui/dialog.js";
import { el, icon } from "../core/dom.js";
import { requestNumber } from "../core/format.js";
import { lookOf, statuses } from "../core/statuses.js";
import { needsMaster, whyNot } from "../requests/transitions.js";

export function openMoveMenu(repair, go) {
  const choose = (status) => {
    dialog.close();
    go(status);
  };
  const others = statuses().filter((status) => status !== repair.requeststatus);
  const body = el(
    "div",
    { class: "choices" },
    others.map((status) => choice(repair, status, choose)),
  );
  const dialog = openDialog({ title: `Переместить ${requestNumber(repair.requestid)}`, body, variant: "small" });
}

function choice(repair, status, choose) {
  const why = whyNot(repair, status);
  const disabled = Boolean(why) && !needsMaster(repair, status);
  return el(
    "button",
    { class: "choice", type: "button", disabled, onclick: () => choose(status) },
    icon(lookOf(status).icon),
    el("span", {}, status, why && el("small", {}, why)),
  );
}
