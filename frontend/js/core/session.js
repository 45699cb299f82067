/**
 * Who is signed in, in this browser: token, its end, the user.
 *
 *   currentUser()  token()  startSession(answer)  endSession()
 *   await renewal()   // says "session-expired", waits until somebody signs in again
 *
 * Kept in localStorage, so that every tab shares it: signing in or out in one
 * tab holds in the others. The token never goes into a URL.
 */
import { emit } from "./dom.js";

const KEY = "technic.session";

let session = read();
let waiting = null;

export const token = () => session?.token ?? null;
export const currentUser = () => session?.user ?? null;

/** Take over the answer of sign-in, registration or change of password (which has no `user`). */
export function startSession(answer) {
  const next = { token: answer.token, expires_at: answer.expires_at, user: answer.user ?? session?.user };
  localStorage.setItem(KEY, JSON.stringify(next));
  adopt(next);
}

export function updateUser(user) {
  startSession({ ...session, user });
}

export function endSession() {
  session = null;
  localStorage.removeItem(KEY);
}

/** Announce that the token is dead, and wait for the next one. Many calls at once announce it once. */
export function renewal(reason) {
  if (!waiting) {
    waiting = deferred();
    emit("session-expired", { reason });
  }
  return waiting.promise;
}

/** What waits was begun by one person and is never finished in the name of another. */
function adopt(next) {
  const stranger = session && session.user.user_id !== next.user.user_id;
  session = next;
  if (stranger) return emit("user-changed");
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

/** Another tab signed in or out. */
function follow({ key }) {
  if (key !== KEY && key !== null) return;
  const next = read();
  if (next) return adopt(next);
  session = null;
  emit("session-ended");
}

window.addEventListener("storage", follow);
