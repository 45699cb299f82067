/**
 * The layer for toasts and the connection banner. A modal dialog makes the
 * rest of the page inert, so the layer moves into the topmost open dialog and
 * back when that closes.
 */
import { el } from "./dom.js";

const banners = el("div", { class: "overlay__banners", role: "alert" });
const toasts = el("div", { class: "overlay__toasts", role: "status" });
const layer = el("div", { class: "overlay" }, banners, toasts);

export function showBanner(node) {
  place();
  banners.replaceChildren(node);
}

export function hideBanner() {
  banners.replaceChildren();
}

export function showToast(node) {
  place();
  toasts.append(node);
}

function place() {
  const dialogs = document.querySelectorAll("dialog:modal");
  const host = [...dialogs].at(-1) ?? document.body;
  if (layer.parentElement !== host) host.append(layer);
}

/** Dialogs come and go; a message that is still shown goes along. */
function follow() {
  if (layer.isConnected && (banners.firstChild || toasts.firstChild)) place();
}

document.addEventListener("close", follow, true);
document.addEventListener("dialog-opened", follow);
