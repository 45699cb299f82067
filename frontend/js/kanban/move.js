/**
 * Moving a card: it is shown in the new column at once and returns, with the
 * reason, if the user cancels or the server refuses.
 *
 *   await moveTo({ repair, card, lane, announce });   // `announce`: for screen readers
 *   markLanes(repair)  unmarkLanes()                  // mark columns that accept it
 */
import { confirmAction } from "../ui/dialog.js";
import { requestNumber } from "../core/format.js";
import { lookOf } from "../core/statuses.js";
import { loadLate } from "../ui/load_late.js";
import { needsMaster, whyNot } from "../requests/transitions.js";
import { makeMove } from "../requests/actions.js";
import { toastError } from "../ui/toast.js";

export async function moveTo({ repair, card, lane, announce }) {
  const { status } = lane;
  const name = requestNumber(repair.requestid);
  if (repair.requeststatus === status) return;
  if (needsMaster(repair, status)) return offerMaster(repair);
  if (whyNot(repair, status)) return toastError(`${name}: ${whyNot(repair, status).toLowerCase()}`);
  const goBack = carry(card, lane.cards());
  announce(`Переносим ${name} в «${lookOf(status).plural}»`);
  try {
    const isDone = await makeMove(repair, status);
    if (isDone) lane.onMoved(card);
    else goBack();
    announce(isDone ? `${name} теперь в «${lookOf(status).plural}»` : `${name} осталась на месте`);
  } catch (error) {
    goBack();
    if (error.name !== "ApiError") throw error;
    toastError(`${name} не перенесена. ${error.message}`);
  }
}

/** Put the card into another list; returns a function that puts it back. */
function carry(card, list) {
  const [parent, next] = [card.parentNode, card.nextSibling];
  put(card, list, list.firstChild);
  card.setAttribute("aria-busy", "true");
  return () => {
    card.removeAttribute("aria-busy");
    if (parent.isConnected) put(card, parent, next?.parentNode === parent ? next : null);
  };
}

function put(card, parent, next) {
  const focused = card.contains(document.activeElement) && document.activeElement;
  parent.insertBefore(card, next);
  if (focused) focused.focus({ preventScroll: true });
}

async function offerMaster(repair) {
  const text = `У заявки ${requestNumber(repair.requestid)} нет мастера, поэтому работа начаться не может.`;
  if (!(await confirmAction({ title: "Сначала назначьте мастера", text, verb: "Выбрать мастера" }))) return;
  (await loadLate(() => import("../requests/assign_dialog.js")))?.openAssign(repair);
}

const everyLane = () => document.querySelectorAll("[data-lane]");

export function markLanes(repair) {
  for (const { dataset } of everyLane()) {
    const why = whyNot(repair, dataset.lane);
    dataset.accepts = repair.requeststatus === dataset.lane ? "home" : why ? "no" : "yes";
    if (dataset.accepts === "no") dataset.why = why;
  }
}

export function unmarkLanes() {
  for (const { dataset } of everyLane()) for (const name of ["accepts", "why", "over"]) delete dataset[name];
}

/** Mark the column under the card. */
export function markOver(status) {
  for (const { dataset } of everyLane()) {
    if (dataset.lane === status) dataset.over = "true";
    else delete dataset.over;
  }
}
