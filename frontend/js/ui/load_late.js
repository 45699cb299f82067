/**
 * Modules and styles that are loaded when they are wanted.
 *
 *   const module = await late(() => import(…));    // null, and it is said, where that failed
 *   await stylesheet("board");                     // css/board.css, once a page
 *   whenPresent(load, (module, pressed) => …);     // as soon as somebody moves, touches or types; the keys pressed until then
 */
import { el, fileUrl } from "../core/dom.js";
import { toastError } from "./toast.js";

const PRESENCE = ["pointermove", "pointerdown", "focusin", "keydown"];
const sheets = new Map();

export function late(load) {
  return load().catch(() => {
    toastError("Не получилось открыть: нет связи с сервером. Повторите немного позже.");
    return null;
  });
}

/** Resolves when the styles hold, or could not be had: without them the page is plain, but works. */
export function stylesheet(name) {
  if (!sheets.has(name)) sheets.set(name, new Promise((resolve) => document.head.append(link(name, resolve))));
  return sheets.get(name);
}

/** What only a person's hands need; a load that fails is tried again at their next move. */
export function whenPresent(load, start) {
  let [loading, pressed] = [null, []];
  const notice = (event) => {
    if (event.type === "keydown") pressed.push(event);
    loading ??= take();
  };
  const take = async () => {
    const module = await load().catch(() => null);
    if (module) for (const name of PRESENCE) document.removeEventListener(name, notice);
    if (module) start(module, pressed);
    [loading, pressed] = [null, []];
  };
  for (const name of PRESENCE) document.addEventListener(name, notice);
  if (navigator.userActivation?.hasBeenActive) loading = take();
}

const link = (name, done) =>
  el("link", { rel: "stylesheet", href: fileUrl(`css/${name}.css`).href, onload: done, onerror: done });
