/**
 * Registration of the service worker (`/sw.js`), which opens the pages without a
 * connection. Import it once per page.
 *
 * Browsers allow service workers over https and on localhost. assets/build.py
 * fills in the worker's list of files, so it is registered only if the script's
 * own URL has a digest.
 */
const isBuilt = new URL(import.meta.url).pathname.startsWith("/~");

/** Called after the page has loaded its own files. */
function register() {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
}

if (isBuilt && navigator.serviceWorker) {
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
}
