/**
 * Registers the service worker (`/sw.js`), which lets the pages open without a
 * connection. Import it once a page.
 *
 * Browsers allow one over https and on this computer only. Its list of files is
 * made by our own server: files that came from elsewhere have no digest in
 * their address, and no worker.
 */
const isOurs = new URL(import.meta.url).pathname.startsWith("/~");

/** After everything that the page itself needs. */
function register() {
  navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
}

if (isOurs && navigator.serviceWorker) {
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
}
