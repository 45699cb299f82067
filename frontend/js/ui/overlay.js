/**
 * The place for toasts and banners. A modal dialog makes the
 * rest of the page inert, so both move into the topmost open dialog and back
 * when that closes. Toasts float; a banner takes room and covers nothing.
 */
import { el } from "../core/dom.js";

const banners = el("div", { class: "banners", role: "alert" });
const toasts = el("div", { class: "toasts", role: "status" });

export function showBanner(node) {
  place(banners);
  if (node.parentElement !== banners) banners.append(node);
}

export const hideBanner = (node) => node.remove();

export function showToast(node) {
  place(toasts);
  toasts.append(node);
}

function place(layer) {
  const host = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  if (layer.parentElement !== host) host.append(layer);
}

/** Dialogs come and go; a message that is still shown goes along. */
function follow() {
  for (const layer of [banners, toasts]) if (layer.firstChild) place(layer);
}

document.addEventListener("close", follow, true);
document.addEventListener("dialog-opened", follow);
