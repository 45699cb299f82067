/**
 * Layers for toasts and banners. A modal dialog makes the rest of the page
 * inert, so both layers move into the topmost dialog and back. Toasts float; a
 * banner takes up space and covers nothing.
 */
import { el } from "../core/dom.js";

const banners = el("div", { class: "banners", role: "alert" });
const toasts = el("div", { class: "toasts", role: "status" });

export function showBanner(node) {
  attach(banners);
  if (node.parentElement !== banners) banners.append(node);
}

export const hideBanner = (node) => node.remove();

export function showToast(node) {
  attach(toasts);
  toasts.append(node);
}

function attach(layer) {
  const host = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  if (layer.parentElement !== host) host.append(layer);
}

/** Move shown messages when a dialog opens or closes. */
function attachShown() {
  for (const layer of [banners, toasts]) if (layer.firstChild) attach(layer);
}

document.addEventListener("close", attachShown, true);
document.addEventListener("dialog-opened", attachShown);
