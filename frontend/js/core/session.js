/**
 * The session of this browser: token, its expiry, the user.
 *
 *   currentUser()  token()  startSession(answer)  endSession()
 *   await renewal()   // emits "session-expired", resolves after the next sign-in
 *
 * Stored in localStorage, so all tabs share it. The token is never part of a
 * URL.
 */
import { emit } from "./dom.js";

const KEY = "technic.session";

let session = read();
let waiting = null;

export const token = () => session?.token ?? null;
export const currentUser = () => session?.user ?? null;

/** Store the answer of a sign-in, a registration or a password change (which has no `user`). */
export function startSession(answer) {
  const next = { token: answer.token, expires_at: answer.expires_at, user: answer.user ?? session?.user };
  localStorage.setItem(KEY, JSON.stringify(next));
  setSession(next);
}

export function updateUser(user) {
  startSession({ ...session, user });
}

export function endSession() {
  session = null;
  localStorage.removeItem(KEY);
}

/** Emit "session-expired" once and wait for the next session. */
export function renewal(reason) {
  if (!waiting) {
    waiting = deferred();
    emit("session-expired", { reason });
  }
  return waiting.promise;
}

/** Waiting calls continue for the same user only; otherwise the page reloads ("user-changed"). */
function setSession(next) {
  const isOther = session && session.user.user_id !== next.user.user_id;
  session = next;
  if (isOther) return emit("user-changed");
  waiting?.resolve();
  waiting = null;
  emit("session-started");
}

function deferred() {
  let resolve;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

/** Follow a sign-in or sign-out in another tab. */
function onStorage({ key }) {
  if (key !== KEY && key !== null) return;
  const next = read();
  if (next) return setSession(next);
  session = null;
  emit("session-ended");
}

window.addEventListener("storage", onStorage);
