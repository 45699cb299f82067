/**
 * Lazy loading of modules and stylesheets.
 *
 *   const module = await loadLate(() => import(…));   // null, with a toast, if that failed
 *   await stylesheet("board");                        // css/board.css, once per page
 *   onFirstInput(load, (module, pressed) => …);       // at the first input; `pressed`: the key events until then
 */
import { el, fileUrl } from "../core/dom.js";
import { toastError } from "./toast.js";

const INPUT_EVENTS = ["pointermove", "pointerdown", "focusin", "keydown"];
const sheets = new Map();

export function loadLate(load) {
  return load().catch(() => {
    toastError("Не получилось открыть: нет связи с сервером. Повторите немного позже.");
    return null;
  });
}

/** Resolves when the styles are applied or have failed: without them the page still works. */
export function stylesheet(name) {
  if (!sheets.has(name)) sheets.set(name, new Promise((resolve) => document.head.append(link(name, resolve))));
  return sheets.get(name);
}

/** Load on the first user input; if that fails, try again on the next. */
export function onFirstInput(load, start) {
  let [loading, pressed] = [null, []];
  const onInput = (event) => {
    if (event.type === "keydown") pressed.push(event);
    loading ??= run();
  };
  const run = async () => {
    const module = await load().catch(() => null);
    if (module) for (const name of INPUT_EVENTS) document.removeEventListener(name, onInput);
    if (module) start(module, pressed);
    [loading, pressed] = [null, []];
  };
  for (const name of INPUT_EVENTS) document.addEventListener(name, onInput);
  if (navigator.userActivation?.hasBeenActive) loading = run();
}

const link = (name, done) =>
  el("link", { rel: "stylesheet", href: fileUrl(`css/${name}.css`).href, onload: done, onerror: done });
