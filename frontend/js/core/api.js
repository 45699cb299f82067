/**
 * The only module that calls `fetch`.
 *
 *   const page = await get("/requests/", { limit: 20, requeststatus: ["В работе"] });
 *   const { data, etag } = await call("PATCH", "/requests/7", { body, ifMatch: etag });
 *   const made = await post("/requests/", body, { idempotencyKey: newKey() });
 *   const { data: stream } = await openStream("/events", { lastEventId, signal });
 *   const { blob, name } = await getFile("/requests/export", { format: "xlsx" });
 *
 * Every failure is an `ApiError` with a sentence for the user in `message`,
 * `status` (0: no answer), `code`, `fields`, and `current` after a 412.
 * A dead token does not fail: the call waits for the person to sign in again
 * (core/session.js) and is then repeated. A server out of reach says
 * "connection-lost", the next answer "connection-restored" (live/connection_banner.js); a
 * reading then resolves to what was seen last, if it is kept (core/last_answers.js).
 * `signal` aborts a call that nobody waits for any more.
 */
import { API_BASE, FILE_TIMEOUT_MS, RETRY_SECONDS, TIMEOUT_MS } from "../config.js";
import { emit } from "./dom.js";
import { keep, recall } from "./last_answers.js";
import { renewal, token as currentToken } from "./session.js";

export const NO_ANSWER = { code: "offline", error: "Нет связи с сервером. Проверьте интернет и повторите." };
const TOO_SLOW = { code: "timeout", error: "Сервер не ответил вовремя. Повторите немного позже." };
const UNREADABLE = { code: "unavailable", error: "Сервер временно недоступен. Повторите немного позже." };
const DEAD_TOKEN = ["token_missing", "token_invalid", "token_expired", "token_revoked", "password_expired"];

let connected = true;

export class ApiError extends Error {
  constructor(status, { error, code, fields, current }, retryAfter) {
    super(error);
    this.name = "ApiError";
    Object.assign(this, { status, code, fields: fields ?? {}, current, retryAfter });
  }

  /** Nothing is wrong with what was sent: the same call may work later. */
  get isOutage() {
    return this.status === 0 || this.status >= 500;
  }
}

export const get = async (path, query, options) => (await call("GET", path, { ...options, query })).data;
export const post = async (path, body, options) => (await call("POST", path, { ...options, body })).data;
export const put = async (path, body, options) => (await call("PUT", path, { ...options, body })).data;

/** A body that never ends, as a ReadableStream; the caller watches over it, so its failures raise no banner. */
export const openStream = (path, options) =>
  call("GET", path, {
    ...options,
    accept: "text/event-stream",
    timeout: Infinity,
    quiet: true,
    read: ({ body }) => body,
  });

export const getFile = async (path, query) =>
  (await call("GET", path, { query, accept: "*/*", timeout: FILE_TIMEOUT_MS, read: readFile })).data;

export const newKey = () =>
  crypto.randomUUID?.() ??
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join("-");

/**
 * Resolves to `{data, etag}`; options: query, body, ifMatch, idempotencyKey,
 * lastEventId, signal, `accept` and `read` (what is wanted, and how it is taken
 * from the response), `timeout` in ms, `quiet` (no banner), `anonymous` (no
 * token), `token` (this one). The last two never wait for a new sign-in.
 * `keepalive`: the call goes on when the page is left.
 */
export async function call(method, path, options = {}) {
  try {
    return await exchange(method, path, options);
  } catch (error) {
    if (options.anonymous || options.token || !DEAD_TOKEN.includes(error.code)) throw error;
    await renewal(error.code);
    return call(method, path, options);
  }
}

/** Whether the server and its database answer; never throws. */
export async function probe() {
  const answer = await call("GET", "/health/ready", { anonymous: true }).catch(() => null);
  return answer !== null;
}

/** Without an answer, what was read before is shown: the banner says so, and since when. */
async function exchange(method, path, options) {
  const readable = method === "GET" && !options.read ? withQuery(path, options.query) : "";
  try {
    const answer = await attempt(method, path, options);
    keep(readable, answer);
    return answer;
  } catch (error) {
    const kept = error.isOutage ? await recall(readable) : null;
    if (error.isOutage && !options.quiet) lost(error);
    if (kept && !options.signal?.aborted) return kept;
    throw error;
  }
}

/** An answer that breaks off in the middle is as good as none. */
async function attempt(method, path, options) {
  const late = after(options.timeout ?? TIMEOUT_MS);
  try {
    return await request(method, path, { ...options, signal: AbortSignal.any([late, options.signal].filter(Boolean)) });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw error instanceof ApiError ? error : new ApiError(0, late.aborted ? TOO_SLOW : NO_ANSWER);
  }
}

async function request(method, path, { read = readJson, body, signal, keepalive, ...options }) {
  const sent = body === undefined ? undefined : JSON.stringify(body);
  const response = await fetch(API_BASE + withQuery(path, options.query), {
    method,
    headers: headers({ ...options, body }),
    body: sent,
    signal,
    keepalive,
  });
  if (!response.ok) throw await failure(response);
  const data = await read(response);
  restored();
  return { data, etag: response.headers.get("ETag") };
}

const readJson = (response) => (response.status === 204 ? null : response.json());

async function readFile(response) {
  const [, name] = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition")) ?? [];
  return { blob: await response.blob(), name };
}

const after = (ms) => (ms === Infinity ? new AbortController().signal : AbortSignal.timeout(ms));

function headers({
  accept = "application/json",
  body,
  ifMatch,
  idempotencyKey,
  lastEventId,
  anonymous,
  token = currentToken(),
}) {
  const named = {
    Accept: accept,
    "Content-Type": body !== undefined && "application/json",
    Authorization: !anonymous && token && `Bearer ${token}`,
    "If-Match": ifMatch,
    "Idempotency-Key": idempotencyKey,
    "Last-Event-ID": lastEventId,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value));
}

function withQuery(path, query = {}) {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  const given = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given).toString();
  return path + (text && `?${text}`);
}

async function failure(response) {
  const body = await response.json().catch(() => UNREADABLE);
  return new ApiError(response.status, body, Number(response.headers.get("Retry-After")) || null);
}

function restored() {
  if (connected) return;
  connected = true;
  emit("connection-restored");
}

function lost(error) {
  connected = false;
  emit("connection-lost", { message: error.message, seconds: error.retryAfter ?? RETRY_SECONDS });
}
