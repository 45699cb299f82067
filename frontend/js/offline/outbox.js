/**
 * What could not be sent for want of a connection: kept in localStorage per
 * person, sent when the connection is back, after a reload too.
 *
 *   const answer = await sendOrKeep({ path, body, key, what, text });   // null: it waits here
 *   await sendOrOffer(() => put(…), { method: "PUT", path, body, what, text });
 *   startOutbox();                     // once a page
 *   waiting()   sendNow(item)   drop(item)
 *
 * A POST with an Idempotency-Key goes again by itself with the same key: for a
 * day the server makes one of many. What has no key (a status, a rating) or is
 * older is offered to the person instead (`needsPerson`), and so is what was
 * refused. "outbox-changed" tells the bar (offline/outbox_bar.js). One tab sends at a
 * time, and never in another person's name.
 */
import { call, post } from "../core/api.js";
import { publishChanges } from "../live/changes.js";
import { emit, listen } from "../core/dom.js";
import { currentUser, token } from "../core/session.js";
import { toast } from "../ui/toast.js";

const PREFIX = "technic.outbox.";
const KEY_HOLDS_MS = 23 * 3_600_000;
const OFFERED = "Нет связи с сервером. Когда она вернётся, предложим отправить это ещё раз.";
const LATER = ["token_missing", "token_invalid", "token_expired", "token_revoked", "password_expired", "too_many"];

export const waiting = () => read();
export const needsPerson = (item) => Boolean(item.refusal) || !item.key || Date.now() - item.at > KEY_HOLDS_MS;

export async function sendOrKeep({ path, body, key, what, text }) {
  try {
    return await post(path, body, { idempotencyKey: key });
  } catch (error) {
    if (!error.isOutage || !keep({ id: key, method: "POST", path, body, key, what, text })) throw error;
    return null;
  }
}

export async function sendOrOffer(send, item) {
  const id = `${item.method} ${item.path}`;
  try {
    const answer = await send();
    drop({ id });
    return answer;
  } catch (error) {
    if (error.isOutage && keep({ id, ...item })) error.message = OFFERED;
    throw error;
  }
}

export function startOutbox() {
  listen("connection-restored", sendAll);
  listen("session-started", sendAll);
  window.addEventListener("online", sendAll);
  window.addEventListener("storage", ({ key }) => (key === storageName() || key === null) && emit("outbox-changed"));
  emit("outbox-changed");
  sendAll();
}

/** Whether it has arrived. */
export const sendNow = (item) => alone(() => deliver(item));

export function drop({ id }) {
  if (read().some((item) => item.id === id)) write(read().filter((item) => item.id !== id));
}

/** In the order of writing; the first that finds no connection leaves the others for later. */
function sendAll() {
  if (!read().some((item) => !needsPerson(item))) return null;
  return alone(async () => {
    for (const item of read()) if (!needsPerson(item) && (await deliver(item)) === null) break;
  });
}

/** Another tab may be sending: then we wait, and find nothing left. */
const alone = (action) => (navigator.locks ? navigator.locks.request(storageName(), action) : action());

/** true: arrived; false: refused; null: no connection yet. The token is taken along with the person whose it is. */
async function deliver({ id, method, path, body, key, what }) {
  if (!read().some((item) => item.id === id)) return true;
  try {
    const { data } = await call(method, path, { body, idempotencyKey: key, token: token() });
    drop({ id });
    toast(`Отправлено: ${what}`);
    publishChanges([{ requestid: body.requestid ?? data?.requestid, version: data?.version }]);
    return true;
  } catch (error) {
    if (error.name !== "ApiError") throw error;
    if (error.isOutage || LATER.includes(error.code)) return null;
    write(read().map((item) => (item.id === id ? { ...item, refusal: error.message } : item)));
    return false;
  }
}

/** False where the browser keeps nothing: then the form keeps the text. The last wish about the same thing counts. */
function keep(item) {
  const before = read().find(({ id }) => id === item.id);
  return write([...read().filter(({ id }) => id !== item.id), { ...item, at: before?.at ?? Date.now() }]);
}

const storageName = () => PREFIX + currentUser()?.user_id;

function read() {
  try {
    return JSON.parse(localStorage.getItem(storageName())) ?? [];
  } catch {
    return [];
  }
}

function write(items) {
  try {
    if (items.length) localStorage.setItem(storageName(), JSON.stringify(items));
    else localStorage.removeItem(storageName());
    emit("outbox-changed");
    return true;
  } catch {
    return false;
  }
}
