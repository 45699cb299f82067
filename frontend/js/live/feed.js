/**
 * The live feed: one connection a page to `/api/events`, for as long as
 * somebody looks at it. What others do is announced by live/changes.js; the state
 * of the connection is said by "live-state" {state, since} (live/light.js).
 *
 *   await startLive(user);   // then read the lists: nothing falls between
 *
 * A connection that says nothing for 35 s is dead, for the server says
 * something every 15 s. The next one goes on behind the last known event;
 * where that cannot be, and now and then because deadlines pass by themselves,
 * everything is read anew.
 */
import { openStream } from "../core/api.js";
import { publishChanges, publishReload, onChanges } from "./changes.js";
import { emit, listen } from "../core/dom.js";
import { eventsOf } from "./event_stream.js";
import { startVoice } from "./announcer.js";

const Live = Object.freeze({ ON: "live", TRYING: "reconnecting", OFF: "offline" });

const SILENCE_MS = 35_000;
const OPENING_MS = 300;
const LONGEST_PAUSE_MS = 30_000;
const OFFLINE_AFTER_MS = 10_000;
const UNSEEN_MS = 10_000;
const AT_ONCE_MS = 30;
const GATHER_MS = 250;
const CLOCK_MS = 300_000;

/** All other kinds make a new version, by which what this page did itself is known again when it comes back. */
const UNVERSIONED = ["comment", "gone"];

let me;
let connection = null;
let wake = () => {};
let unseen;
let lastEventId;
let retry = 2000;
let failures = 0;
let state = null;
let brokenSince = null;
let gathered = [];
let toldAt = 0;
const ownVersions = new Map();

/** Resolves when the feed is open, or is late: then everything is read again as soon as it is. */
export function startLive(user) {
  me = user.user_id;
  onChanges(rememberOwn);
  startVoice();
  document.addEventListener("visibilitychange", followSight);
  window.addEventListener("online", () => wake());
  window.addEventListener("offline", () => connection?.abort());
  listen("connection-restored", () => wake());
  setInterval(() => state === Live.ON && publishReload(), CLOCK_MS);
  stayConnected();
  return openedOrLate();
}

function openedOrLate() {
  return new Promise((resolve) => {
    listen("live-state", resolve);
    setTimeout(() => state ?? say(Live.TRYING), OPENING_MS);
  });
}

async function stayConnected() {
  for (;;) {
    if (document.hidden) await sight();
    const error = await follow().catch((reason) => reason);
    fail(error);
    await pause(pauseAfter(error));
  }
}

async function follow() {
  const mine = (connection = new AbortController());
  const watchdog = watch(mine);
  try {
    const { data: body } = await openStream("/events", { lastEventId, signal: mine.signal });
    for await (const event of eventsOf(body, { onSign: watchdog.sign })) take(event);
  } finally {
    watchdog.stop();
    mine.abort();
  }
}

function watch(controller) {
  let timer;
  const stop = () => clearTimeout(timer);
  const sign = () => {
    stop();
    timer = setTimeout(() => controller.abort(), SILENCE_MS);
  };
  sign();
  return { sign, stop };
}

/** The first frame only says behind which id we listen; whoever had none of their own may have missed something. */
function take({ id, event, data, retry: wanted }) {
  const missed = event === "reset" || (state !== null && lastEventId === undefined);
  if (wanted) retry = wanted;
  lastEventId = id ?? lastEventId;
  say(Live.ON);
  if (missed) publishReload();
  else if (data) gather(data);
}

function gather({ requestid, type, version, actor_id }) {
  gathered.push({ requestid, type, version, isForeign: actor_id !== me });
  if (gathered.length === 1) setTimeout(tell, Math.max(AT_ONCE_MS, toldAt + GATHER_MS - Date.now()));
}

function tell() {
  const news = gathered.splice(0).filter((change) => !isOwnEcho(change));
  toldAt = Date.now();
  if (news.length) publishChanges(news);
}

const isOwnEcho = ({ requestid, type, version, isForeign }) =>
  !isForeign && !UNVERSIONED.includes(type) && version <= ownVersions.get(requestid);

function rememberOwn({ changes }) {
  for (const { requestid, version, isForeign } of changes)
    if (version && !isForeign) ownVersions.set(requestid, version);
}

function say(next) {
  if (next === state) return;
  if (next === Live.ON) [failures, brokenSince] = [0, null];
  const isResumed = next === Live.ON && state !== null;
  state = next;
  emit("live-state", { state, since: new Date(brokenSince ?? Date.now()) });
  if (isResumed) emit("live-resumed");
}

/** A server that says 503 is there; one that has said nothing for a while is not. */
function fail(error) {
  failures += 1;
  brokenSince ??= Date.now();
  const isSilent = Date.now() - brokenSince > OFFLINE_AFTER_MS && !error?.status;
  say(isSilent || !navigator.onLine ? Live.OFF : Live.TRYING);
}

/** Twice as long each time, and never for all pages at the same moment. */
function pauseAfter(error) {
  const longest = Math.min(LONGEST_PAUSE_MS, retry * 2 ** (failures - 1));
  return Math.max(longest * (0.5 + Math.random() / 2), (error?.retryAfter ?? 0) * 1000);
}

const woken = () => new Promise((resolve) => (wake = resolve));
const pause = (ms) => Promise.race([woken(), new Promise((resolve) => setTimeout(resolve, ms))]);

/** A browser has six connections to a server for all its tabs: those that nobody sees leave them to the others. */
function followSight() {
  clearTimeout(unseen);
  if (document.hidden) unseen = setTimeout(() => connection.abort(), UNSEEN_MS);
  else wake();
}

async function sight() {
  while (document.hidden) await woken();
  [failures, brokenSince] = [0, Date.now()];
}
