/**
 * Outbox: the one queue of calls that are sent later, by the same user only.
 *
 *   const answer = await sendOrQueue({ path, body, key, what, text });   // null: queued, no connection
 *   await sendOrOffer(() => put(…), { method: "PUT", path, body, what, text });
 *   sendAfter(5000, { method: "PUT", path, body, requestid, version, what, done });
 *   startOutbox();                     // once per page
 *   queued()   stateOf(item)   refusalOf(id)   sendNow(item)   drop(item)
 *
 * An item is sent again automatically if that is safe:
 * - with an Idempotency-Key (`key`), for 23 hours: the server creates one object;
 * - with `notBefore` (from `sendAfter`): once the time is over or the page is left.
 *   If it may have arrived already, the request is read first. It is sent only if
 *   the request still has the `version` that the user saw.
 * All others, and refused ones, are offered to the user (`needsPerson`).
 *
 * Emits "outbox-changed". One tab sends at a time.
 */
import { ApiError, call, post } from "../core/api.js";
import { emit, listen } from "../core/dom.js";
import { requestNumber } from "../core/format.js";
import { token } from "../core/session.js";
import { publishChanges } from "../live/changes.js";
import { toast, toastError } from "../ui/toast.js";
import { adoptMovesOf12, dropItem, findItem, putItem, readItems, storageName } from "./outbox_store.js";

const KEY_VALID_MS = 23 * 3_600_000;
/** Another tab, or the page just left, may still send its own item: wait for it. */
const OTHERS_FIRST_MS = 2000;
const REDRAWN_WITHIN_MS = 1500;
const OFFERED = "Нет связи с сервером. Когда она вернётся, предложим отправить это ещё раз.";
const CHANGED = "Заявку тем временем изменили. Проверьте её и повторите.";
const LATER = ["token_missing", "token_invalid", "token_expired", "token_revoked", "password_expired", "too_many"];

/** Delayed items on this page: id → { due, isOwn (queued by this page and never sent), isSending, hasFailed, timer }. */
const delays = new Map();
const refusals = new Map();

const isDelayed = (item) => item.notBefore !== undefined;
const isExpired = (item) => Date.now() - item.at > KEY_VALID_MS;

/** Items that wait for a connection or for the user. Delayed ones are shown at their request. */
export const queued = () => readItems().filter((item) => !isDelayed(item));
export const needsPerson = (item) => Boolean(item.refusal) || (!isDelayed(item) && (!item.key || isExpired(item)));

/** State of a delayed item: "counting", "sending" or "waiting", and the ms that are left. */
export function stateOf(item) {
  const { isSending, hasFailed, due = item.notBefore } = delays.get(item.id) ?? {};
  const state = isSending ? "sending" : hasFailed ? "waiting" : "counting";
  return { state, left: due - Date.now() };
}

/** Why the last delayed item with this id was refused; undefined after the next one is queued. */
export const refusalOf = (id) => refusals.get(id);
export const drop = ({ id }) => dropItem(id);

export async function sendOrQueue({ path, body, key, what, text }) {
  try {
    return await post(path, body, { idempotencyKey: key });
  } catch (error) {
    if (!error.isOutage || !queue({ id: key, method: "POST", path, body, key, what, text })) throw error;
    return null;
  }
}

export async function sendOrOffer(send, item) {
  const id = idOf(item);
  try {
    const answer = await send();
    dropItem(id);
    return answer;
  } catch (error) {
    if (error.isOutage && queue({ id, ...item })) error.message = OFFERED;
    throw error;
  }
}

export function sendAfter(ms, item) {
  const delayed = { id: idOf(item), ...item, notBefore: Date.now() + ms };
  refusals.delete(delayed.id);
  delay(delayed, { due: delayed.notBefore, isOwn: true });
  putItem(delayed);
}

export function startOutbox() {
  listen("outbox-changed", followStore);
  listen("connection-restored", sendAll);
  listen("session-started", sendAll);
  window.addEventListener("online", sendAll);
  window.addEventListener("pagehide", sendOwn);
  document.addEventListener("visibilitychange", () => document.hidden && sendOwn());
  adoptMovesOf12(itemOfMove);
  emit("outbox-changed");
  sendAll();
}

/** Resolves to true (arrived), false (refused) or null (no connection yet). Own items need no lock: the page may be closing. */
export const sendNow = (item) => (delays.get(item.id)?.isOwn ? deliver(item) : alone(() => deliver(item)));

/** The id of an item without a key: a later item for the same URL replaces it. */
const idOf = ({ method, path }) => `${method} ${path}`;

/** False if the browser stores nothing: then the form keeps the text. */
function queue(item) {
  const isSaved = putItem(item);
  if (!isSaved) dropItem(item.id);
  return isSaved;
}

function itemOfMove({ requestid, to, version, ends }) {
  const item = { method: "PUT", path: `/requests/${requestid}/status`, body: { requeststatus: to } };
  const what = `${requestNumber(requestid)}: «${to}»`;
  return { id: idOf(item), ...item, requestid, version, what, notBefore: ends };
}

/** Start and stop the timers of delayed items, also after changes by other tabs. */
function followStore() {
  const items = readItems().filter(isDelayed);
  for (const [id, { timer }] of delays) {
    if (items.some((item) => item.id === id)) continue;
    clearTimeout(timer);
    delays.delete(id);
  }
  for (const item of items)
    if (!delays.has(item.id)) delay(item, { due: Math.max(item.notBefore, Date.now()) + OTHERS_FIRST_MS });
}

function delay(item, plan) {
  clearTimeout(delays.get(item.id)?.timer);
  const timer = setTimeout(() => sendNow(item), plan.due - Date.now());
  delays.set(item.id, { ...plan, timer });
}

/** The page is being left: send what it has queued itself. */
function sendOwn() {
  for (const item of readItems()) if (delays.get(item.id)?.isOwn) sendNow(item);
}

/** In order. The first item without a connection ends the run. */
function sendAll() {
  const next = () => readItems().filter((item) => !needsPerson(item) && isDue(item));
  if (!next().length) return null;
  return alone(async () => {
    for (const item of next()) if ((await deliver(item)) === null) break;
  });
}

const isDue = (item) => !isDelayed(item) || Boolean(delays.get(item.id)?.hasFailed);

/** Another tab may be sending: wait for it, then find its items gone. */
const alone = (action) => (navigator.locks ? navigator.locks.request(storageName(), action) : action());

async function deliver({ id }) {
  const item = findItem(id);
  const { isOwn, isSending } = delays.get(id) ?? {};
  if (!item) return true;
  if (isSending) return null;
  begin(item);
  try {
    return succeed(item, await (isOwn ? sendFirst(item) : sendAgain(item)));
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    return fail(item, error, isOwn);
  }
}

function begin(item) {
  if (!isDelayed(item)) return;
  const plan = delays.get(item.id);
  clearTimeout(plan?.timer);
  delays.set(item.id, { due: item.notBefore, isSending: true });
  putItem({ ...item, notBefore: Math.min(item.notBefore, Date.now()) });
}

const sendFirst = async ({ method, path, body }) => (await call(method, path, { body, keepalive: true })).data;

/** With the token of the user to whom the items belong, even if another tab signs in meanwhile. */
async function sendAgain(item) {
  const sender = token();
  if (isDelayed(item)) {
    const current = await currentOf(item, sender);
    if (hasArrived(item, current)) return current;
    if (current.version !== item.version) throw new ApiError(412, { error: CHANGED });
  }
  const { method, path, body, key } = item;
  return (await call(method, path, { body, idempotencyKey: key, token: sender })).data;
}

const currentOf = async ({ requestid }, sender) =>
  (await call("GET", `/requests/${requestid}`, { token: sender, uncached: true })).data;

const hasArrived = ({ body }, current) => Object.entries(body).every(([name, value]) => current[name] === value);

function succeed(item, data) {
  dropItem(item.id);
  toast(item.done ?? `Отправлено: ${item.what}`);
  publishChanges([{ requestid: item.body.requestid ?? data?.requestid, version: data?.version }]);
  return true;
}

async function fail(item, error, isOwn) {
  if (error.isOutage || (!isOwn && LATER.includes(error.code))) return wait(item);
  if (isDelayed(item) && error.status === 409) {
    const current = await currentOf(item, token()).catch(() => null);
    if (current && hasArrived(item, current)) return succeed(item, current);
  }
  refuse(item, error);
  return false;
}

function wait(item) {
  if (delays.has(item.id)) delays.set(item.id, { due: item.notBefore, hasFailed: true });
  emit("outbox-changed");
  return null;
}

/** A refused delayed item is dropped: its request, drawn again, shows the reason, or else a toast. */
function refuse(item, { status, message }) {
  const requestid = item.requestid ?? item.body.requestid;
  if (!isDelayed(item)) putItem({ ...item, refusal: message });
  else {
    refusals.set(item.id, message);
    dropItem(item.id);
    setTimeout(() => isShown(item) || toastError(`${requestNumber(requestid)}: ${message}`), REDRAWN_WITHIN_MS);
  }
  if (requestid && [404, 409, 412].includes(status)) publishChanges([{ requestid }]);
}

const isShown = ({ id }) => document.querySelector(`[data-outbox="${CSS.escape(id)}"]`) !== null;
