/**
 * Live feed: one connection to `/api/events` per visible page. Publishes the
 * events by live/changes.js and emits "live-state" {state, since} (live/light.js).
 *
 *   await startLive(user);   // load the lists after it, so that no event is missed
 *
 * The server sends a heartbeat every 15 s; a connection without data for 35 s is
 * closed. The next one continues after the last event. If that is impossible,
 * and every 5 minutes because deadlines pass, everything is loaded again.
 */
import { openStream } from "../core/api.js";
import { onChanges, publishChanges, publishReload } from "./changes.js";
import { emit, listen } from "../core/dom.js";
import { eventsOf } from "./event_stream.js";
import { startAnnouncer } from "./announcer.js";

const Live = Object.freeze({ ON: "live", TRYING: "reconnecting", OFF: "offline" });

const SILENCE_MS = 35_000;
const OPENING_MS = 300;
const LONGEST_PAUSE_MS = 30_000;
const OFFLINE_AFTER_MS = 10_000;
const CLOSE_HIDDEN_AFTER_MS = 10_000;
const FIRST_BATCH_MS = 30;
const BATCH_MS = 250;
const RELOAD_MS = 300_000;

/** Events without a new version. By the version of all others the page recognises its own changes. */
const UNVERSIONED = ["comment", "gone"];

let me;
let connection = null;
let wake = () => {};
let hiddenTimer;
let lastEventId;
let retry = 2000;
let failures = 0;
let state = null;
let brokenSince = null;
const batch = [];
let publishedAt = 0;
const ownVersions = new Map();

/** Resolves when the feed is open or after 300 ms. A feed that opens later loads everything again. */
export function startLive(user) {
  me = user.user_id;
  onChanges(rememberOwn);
  startAnnouncer();
  document.addEventListener("visibilitychange", onVisibilityChange);
  window.addEventListener("online", () => wake());
  window.addEventListener("offline", () => connection?.abort());
  listen("connection-restored", () => wake());
  setInterval(() => state === Live.ON && publishReload(), RELOAD_MS);
  stayConnected();
  return openedOrLate();
}

function openedOrLate() {
  return new Promise((resolve) => {
    listen("live-state", resolve);
    setTimeout(() => state ?? setState(Live.TRYING), OPENING_MS);
  });
}

async function stayConnected() {
  for (;;) {
    if (document.hidden) await untilVisible();
    const error = await readEvents().catch((reason) => reason);
    fail(error);
    await pause(pauseAfter(error));
  }
}

async function readEvents() {
  const own = (connection = new AbortController());
  const watchdog = watch(own);
  try {
    const { data: body } = await openStream("/events", { lastEventId, signal: own.signal });
    for await (const event of eventsOf(body, { onData: watchdog.restart })) handle(event);
  } finally {
    watchdog.stop();
    own.abort();
  }
}

/** Abort a connection that receives no data. */
function watch(controller) {
  let timer;
  const stop = () => clearTimeout(timer);
  const restart = () => {
    stop();
    timer = setTimeout(() => controller.abort(), SILENCE_MS);
  };
  restart();
  return { restart, stop };
}

/** The first frame carries only the current id. A reconnection without an id of its own may have missed events. */
function handle({ id, event, data, retry: wanted }) {
  const missed = event === "reset" || (state !== null && lastEventId === undefined);
  if (wanted) retry = wanted;
  lastEventId = id ?? lastEventId;
  setState(Live.ON);
  if (missed) publishReload();
  else if (data) addToBatch(data);
}

function addToBatch({ requestid, type, version, actor_id }) {
  batch.push({ requestid, type, version, isForeign: actor_id !== me });
  if (batch.length === 1) setTimeout(publishBatch, Math.max(FIRST_BATCH_MS, publishedAt + BATCH_MS - Date.now()));
}

function publishBatch() {
  const changes = batch.splice(0).filter((change) => !isOwnEcho(change));
  publishedAt = Date.now();
  if (changes.length) publishChanges(changes);
}

const isOwnEcho = ({ requestid, type, version, isForeign }) =>
  !isForeign && !UNVERSIONED.includes(type) && version <= ownVersions.get(requestid);

function rememberOwn({ changes }) {
  for (const { requestid, version, isForeign } of changes)
    if (version && !isForeign) ownVersions.set(requestid, version);
}

function setState(next) {
  if (next === state) return;
  if (next === Live.ON) [failures, brokenSince] = [0, null];
  const isResumed = next === Live.ON && state !== null;
  state = next;
  emit("live-state", { state, since: new Date(brokenSince ?? Date.now()) });
  if (isResumed) emit("live-resumed");
}

/** A server that answers 503 can be reached; one without any answer for 10 s counts as offline. */
function fail(error) {
  failures += 1;
  brokenSince ??= Date.now();
  const isSilent = Date.now() - brokenSince > OFFLINE_AFTER_MS && !error?.status;
  setState(isSilent || !navigator.onLine ? Live.OFF : Live.TRYING);
}

/** Exponential backoff with jitter. */
function pauseAfter(error) {
  const longest = Math.min(LONGEST_PAUSE_MS, retry * 2 ** (failures - 1));
  return Math.max(longest * (0.5 + Math.random() / 2), (error?.retryAfter ?? 0) * 1000);
}

const woken = () => new Promise((resolve) => (wake = resolve));
const pause = (ms) => Promise.race([woken(), new Promise((resolve) => setTimeout(resolve, ms))]);

/** Browsers allow six connections per host: hidden tabs close theirs. */
function onVisibilityChange() {
  clearTimeout(hiddenTimer);
  if (document.hidden) hiddenTimer = setTimeout(() => connection.abort(), CLOSE_HIDDEN_AFTER_MS);
  else wake();
}

async function untilVisible() {
  while (document.hidden) await woken();
  [failures, brokenSince] = [0, Date.now()];
}
