/**
 * The next status of a request with some seconds to think again: nothing is
 * sent before they are over, «Отправить сейчас» is pressed or the page is left.
 *
 *   startPlanning(user);              // once a page; what an earlier page could not send goes on
 *   plan(repair, "Завершена");        // a second step for the same request does nothing
 *   undo(7);  sendNow(7);
 *   planned(7)                        // { to, state: "counting" | "sending" | "waiting", seconds } or undefined
 *   refusal(7)                        // why the last step of this request was refused, until the next one
 *   listen("step-planned", ({ requestid }) => …)
 *
 * Steps are kept on this device until the server has answered, for every tab.
 * One that may have arrived already, or waited for a connection, is sent only
 * if the request is still the version that the person saw; so no step is made
 * twice, and none is made to another state of things.
 */
import { emit, listen } from "../core/dom.js";
import { requestNumber } from "../core/format.js";
import { loadRequest, makeStep } from "../requests.js";
import { transition } from "./transitions.js";
import { toast, toastError } from "../ui/toast.js";

const UNDO_MS = 5000;
const OTHERS_WAIT_MS = 2000;
const LIST_MS = 1500;
const CHANGED = "Заявку тем временем изменили. Проверьте её и повторите.";

const steps = new Map();
const refusals = new Map();
let storage = null;

export const planned = (requestid) => steps.get(requestid);
export const refusal = (requestid) => refusals.get(requestid);

export function startPlanning({ user_id }) {
  storage = `technic.steps.${user_id}`;
  for (const kept of read()) adopt(kept);
  window.addEventListener("storage", ({ key }) => key === storage && follow());
  window.addEventListener("pagehide", sendAll);
  document.addEventListener("visibilitychange", () => document.hidden && sendAll());
  window.addEventListener("online", retryAll);
  listen("connection-restored", retryAll);
}

export function plan({ requestid, requeststatus: from, version }, to) {
  if (steps.has(requestid)) return;
  refusals.delete(requestid);
  const step = { requestid, from, to, version, ends: Date.now() + UNDO_MS, isOwn: true };
  steps.set(requestid, step);
  keep();
  count(step);
}

export function undo(requestid) {
  if (steps.get(requestid)?.state !== "sending") forget(requestid);
}

export function sendNow(requestid) {
  const step = steps.get(requestid);
  if (step) send(step);
}

function count(step) {
  const left = step.ends - Date.now();
  Object.assign(step, { state: "counting", seconds: Math.ceil(Math.min(Math.max(left, 1), UNDO_MS) / 1000) });
  tell(step.requestid);
  if (left <= 0) send(step);
  else step.timer = setTimeout(() => count(step), left % 1000 || 1000);
}

async function send(step) {
  if (step.state === "sending") return;
  clearTimeout(step.timer);
  Object.assign(step, { state: "sending", ends: Math.min(step.ends, Date.now()) });
  keep();
  tell(step.requestid);
  try {
    const isDone = !step.isOwn && (await isMade(step));
    if (!isDone) await makeStep(step.requestid, step.to);
    made(step);
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    await fail(step, error);
  }
}

/** Whether the request is there already. Throws where it is no longer what the person saw. */
async function isMade({ requestid, to, version }) {
  const { data } = await loadRequest(requestid);
  if (data.requeststatus === to) return true;
  if (data.version === version) return false;
  throw Object.assign(new Error(CHANGED), { name: "ApiError" });
}

function made({ requestid, from, to }) {
  forget(requestid);
  toast(`${requestNumber(requestid)}: ${transition(from, to).done}`);
}

/** An outage keeps the step: whether it has arrived is asked when the connection is back. */
async function fail(step, error) {
  step.isOwn = false;
  if (error.isOutage) {
    step.state = "waiting";
    return tell(step.requestid);
  }
  if (error.status === 409 && (await isMade(step).catch(() => false))) return made(step);
  refusals.set(step.requestid, error.message);
  forget(step.requestid);
  setTimeout(() => isShown(step) || toastError(`${requestNumber(step.requestid)}: ${error.message}`), LIST_MS);
}

/** The card says it, if it stays after what it was refused for. */
const isShown = ({ requestid }) => document.querySelector(`[data-steps="${requestid}"]`) !== null;

function forget(requestid) {
  clearTimeout(steps.get(requestid)?.timer);
  steps.delete(requestid);
  keep();
  tell(requestid);
}

const sendAll = () => [...steps.values()].filter(({ state, isOwn }) => state === "counting" && isOwn).forEach(send);
const retryAll = () => [...steps.values()].filter(({ state }) => state === "waiting").forEach(send);
const tell = (requestid) => emit("step-planned", { requestid });

/** A step of another tab, or of a page that is gone: that one may send it first. */
function adopt({ requestid, from, to, version, ends }) {
  const step = { requestid, from, to, version, ends: Math.max(ends, Date.now()) + OTHERS_WAIT_MS, isOwn: false };
  steps.set(requestid, step);
  count(step);
}

function follow() {
  const kept = read();
  for (const { requestid, state } of [...steps.values()])
    if (state !== "sending" && !kept.some((one) => one.requestid === requestid)) drop(requestid);
  for (const one of kept) if (!steps.has(one.requestid)) adopt(one);
}

function drop(requestid) {
  clearTimeout(steps.get(requestid).timer);
  steps.delete(requestid);
  tell(requestid);
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(storage)) ?? [];
  } catch {
    return [];
  }
}

/** Without a storage the page itself remembers. */
function keep() {
  const kept = [...steps.values()].map(({ requestid, from, to, version, ends }) => ({
    requestid,
    from,
    to,
    version,
    ends,
  }));
  try {
    localStorage.setItem(storage, JSON.stringify(kept));
  } catch {
    /* Full or forbidden. */
  }
}
