/**
 * The service worker: lets the pages open where there is no connection.
 *
 * It keeps the shell (pages, scripts, styles, icons) of one version and nothing
 * else: no answer of the API ever passes through here. Pages come from the
 * server while it answers, so an update shows at the next load; what the last
 * lists said is kept by core/last_answers.js, with the time, under the person's name.
 *
 * assets/build.py fills in the version, its pages and their files. Where another web server sends
 * `frontend/` as it is, these stay empty and nobody registers this file.
 */
const VERSION = "";
const PAGES = [];
const FILES = [];

const FAMILY = "technic-shell-";
const CACHE = FAMILY + VERSION;
const PATIENCE_MS = 5000;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (FILES.includes(pathname)) event.respondWith(file(request));
  else if (request.mode === "navigate" && PAGES.includes(pathname)) event.respondWith(page(event, pathname));
});

/** All or nothing: a half kept version would open half a page. */
async function install() {
  const cache = await caches.open(CACHE);
  await cache.addAll([...PAGES.map((path) => new Request(path, { cache: "reload" })), ...FILES]);
  await self.skipWaiting();
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(FAMILY) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

const kept = async (key) => (await caches.open(CACHE)).match(key);

const file = async (request) => (await kept(request)) ?? fetch(request);

/** The server's page; the kept one where it is silent for too long, out of reach, or its gateway says so. */
async function page(event, path) {
  const answer = await Promise.race([fromServer(event), silence()]).catch(() => null);
  if (answer && answer.status < 500) return answer;
  return (await kept(path)) ?? answer ?? Response.error();
}

const fromServer = async (event) => (await event.preloadResponse) ?? fetch(event.request);
const silence = () => new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, null));
