/**
 * The only module that calls `fetch`.
 *
 *   const page = await get("/requests/", { limit: 20, requeststatus: ["В работе"] });
 *   const { data, etag } = await call("PATCH", "/requests/7", { body, ifMatch: etag });
 *   const made = await post("/requests/", body, { idempotencyKey: newKey() });
 *
 * Every failure is an `ApiError` with a sentence for the user in `message`,
 * `status` (0: no answer), `code`, `fields`, and `current` after a 412.
 * A dead token does not fail: the call waits for the person to sign in again
 * (session.js) and is then repeated. A server out of reach says
 * "connection-lost", the next answer "connection-restored" (banner.js).
 * `signal` aborts a call that nobody waits for any more.
 */
import { API_BASE, RETRY_SECONDS, TIMEOUT_MS } from "./config.js";
import { emit } from "./dom.js";
import { renewal, token as currentToken } from "./session.js";

const NO_ANSWER = { code: "offline", error: "Нет связи с сервером. Проверьте интернет и повторите." };
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

export const newKey = () => crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join("-");

/**
 * Resolves to `{data, etag}`; options: query, body, ifMatch, idempotencyKey,
 * signal, `anonymous` (no token), `token` (this one). The last two never wait
 * for a new sign-in.
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

async function exchange(method, path, options) {
  const response = await send(method, path, options);
  if (!response.ok) throw await failure(response);
  restored();
  const data = response.status === 204 ? null : await response.json();
  return { data, etag: response.headers.get("ETag") };
}

async function send(method, path, options) {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  try {
    return await fetch(address(path, options.query), { method, headers: headers(options), body, signal });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw lost(new ApiError(0, timeout.aborted ? TOO_SLOW : NO_ANSWER));
  }
}

function headers({ body, ifMatch, idempotencyKey, anonymous, token = currentToken() }) {
  const named = {
    Accept: "application/json",
    "Content-Type": body !== undefined && "application/json",
    Authorization: !anonymous && token && `Bearer ${token}`,
    "If-Match": ifMatch,
    "Idempotency-Key": idempotencyKey,
  };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value));
}

function address(path, query = {}) {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]));
  const given = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  const text = new URLSearchParams(given).toString();
  return `${API_BASE}${path}${text && `?${text}`}`;
}

async function failure(response) {
  const body = await response.json().catch(() => UNREADABLE);
  const error = new ApiError(response.status, body, Number(response.headers.get("Retry-After")) || null);
  return error.isOutage ? lost(error) : error;
}

function restored() {
  if (connected) return;
  connected = true;
  emit("connection-restored");
}

function lost(error) {
  connected = false;
  emit("connection-lost", { message: error.message, seconds: error.retryAfter ?? RETRY_SECONDS });
  return error;
}
