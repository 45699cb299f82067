/**
 * Service worker: opens the pages without a connection.
 *
 * It caches the shell (pages, scripts, styles, icons) of one version, but no
 * answer of the API; those are saved by core/last_answers.js. Pages come from the
 * server while it answers, so an update shows at the next load.
 *
 * assets/build.py fills in the version, the pages and the files. If another web
 * server sends `frontend/` unchanged, they stay empty and nobody registers this
 * worker.
 */
const VERSION = "";
const PAGES = [];
const FILES = [];

const PREFIX = "technic-shell-";
const CACHE = PREFIX + VERSION;
const PAGE_TIMEOUT_MS = 5000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && PAGES.includes(pathname)) event.respondWith(page(event, pathname));
});

/** Cache all files or none: a part of a version could not show a page. */
async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...PAGES.map((path) => new Request(path, { cache: "reload" })), ...FILES]);
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

const cached = async (key) => (await caches.open(CACHE)).match(key);

const file = async (request) => (await cached(request)) ?? fetch(request);

/** The server's page; the cached one after a timeout, a network error or a 5xx. */
async function page(event, path) {
  const answer = await Promise.race([fromServer(event), timeout()]).catch(() => null);
  if (answer && answer.status < 500) return answer;
  return (await cached(path)) ?? answer ?? Response.error();
}

const fromServer = async (event) => (await event.preloadResponse) ?? fetch(event.request);
const timeout = () => new Promise((resolve) => setTimeout(resolve, PAGE_TIMEOUT_MS, null));
