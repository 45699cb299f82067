/**
 * Moving a card: it stands in its new column at once, and goes back, with the
 * reason said, where the server or the person does not agree.
 *
 *   await moveTo({ repair, card, lane, say });      // `say` speaks to those who do not see it
 *   markLanes(repair)  unmarkLanes()                // which columns would accept it
 */
import { confirmAction } from "../ui/dialog.js";
import { requestNumber } from "../core/format.js";
import { lookOf } from "../core/statuses.js";
import { loadLate } from "../ui/load_late.js";
import { needsMaster, whyNot } from "../requests/transitions.js";
import { makeMove } from "../requests/actions.js";
import { toastError } from "../ui/toast.js";

export async function moveTo({ repair, card, lane, say }) {
  const { status } = lane;
  const name = requestNumber(repair.requestid);
  if (repair.requeststatus === status) return;
  if (needsMaster(repair, status)) return offerMaster(repair);
  if (whyNot(repair, status)) return toastError(`${name}: ${whyNot(repair, status).toLowerCase()}`);
  const goBack = carry(card, lane.place());
  say(`Переносим ${name} в «${lookOf(status).plural}»`);
  try {
    const isDone = await makeMove(repair, status);
    if (isDone) lane.arrived(card);
    else goBack();
    say(isDone ? `${name} теперь в «${lookOf(status).plural}»` : `${name} осталась на месте`);
  } catch (error) {
    goBack();
    if (error.name !== "ApiError") throw error;
    toastError(`${name} не перенесена. ${error.message}`);
  }
}

/** Puts the card there and returns what puts it back. */
function carry(card, place) {
  const [parent, next] = [card.parentNode, card.nextSibling];
  put(card, place, place.firstChild);
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

/** Shows over which column the card is. */
export function markOver(status) {
  for (const { dataset } of everyLane()) {
    if (dataset.lane === status) dataset.over = "true";
    else delete dataset.over;
  }
}
