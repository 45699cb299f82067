/**
 * HTTP calls to the API: the only module that uses `fetch`.
 *
 *   const page = await get("/requests/", { limit: 20, requeststatus: ["В работе"] });
 *   const { data, etag } = await call("PATCH", "/requests/7", { body, ifMatch: etag });
 *   const created = await post("/requests/", body, { idempotencyKey: newKey() });
 *   const { data: stream } = await openStream("/events", { lastEventId, signal });
 *   const { blob, name } = await getFile("/requests/export", { format: "xlsx" });
 *
 * Every failure is an `ApiError` with a sentence for the user in `message`,
 * `status` (0: no answer), `code`, `fields`, and `current` after a 412.
 * If the token is invalid, the call waits for a new sign-in (core/session.js)
 * and is repeated. Emits "connection-lost" if the server cannot be reached and
 * "connection-restored" at the next answer (live/connection_banner.js). Without
 * an answer, a GET resolves to the saved one, if any (core/last_answers.js).
 */
import { API_BASE, FILE_TIMEOUT_MS, RETRY_SECONDS, TIMEOUT_MS } from "../config.js";
import { emit } from "./dom.js";
import { loadAnswer, saveAnswer } from "./last_answers.js";
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

  /** True if the same call may succeed later. */
  get isOutage() {
    return this.status === 0 || this.status >= 500;
  }
}

export const get = async (path, query, options) => (await call("GET", path, { ...options, query })).data;
export const post = async (path, body, options) => (await call("POST", path, { ...options, body })).data;
export const put = async (path, body, options) => (await call("PUT", path, { ...options, body })).data;

/** A response body without end, as a ReadableStream. Its failures show no banner: the caller handles them. */
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
 * Resolves to `{data, etag}`. Options: query, body, ifMatch, idempotencyKey,
 * lastEventId, `signal` (aborts the call), `accept` (media type), `read` (takes
 * the data from the response), `timeout` in ms, `quiet` (no banner), `anonymous`
 * (no token), `token` (instead of the session's), `uncached` (never a saved
 * answer), `keepalive` (continues after the page is left). With `anonymous` or
 * `token` a call does not wait for a new sign-in.
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

/** True if the server and its database answer; never throws. */
export async function probe() {
  const answer = await call("GET", "/health/ready", { anonymous: true }).catch(() => null);
  return answer !== null;
}

/** One call; a GET without an answer resolves to the saved one. */
async function exchange(method, path, options) {
  const savedAs = method === "GET" && !options.read && !options.uncached ? withQuery(path, options.query) : "";
  try {
    const answer = await attempt(method, path, options);
    saveAnswer(savedAs, answer);
    return answer;
  } catch (error) {
    const saved = error.isOutage ? await loadAnswer(savedAs) : null;
    if (error.isOutage && !options.quiet) reportLost(error);
    if (saved && !options.signal?.aborted) return saved;
    throw error;
  }
}

/** One request with a time limit; a truncated answer counts as none. */
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
  reportRestored();
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

function reportRestored() {
  if (connected) return;
  connected = true;
  emit("connection-restored");
}

function reportLost(error) {
  connected = false;
  emit("connection-lost", { message: error.message, seconds: error.retryAfter ?? RETRY_SECONDS });
}
