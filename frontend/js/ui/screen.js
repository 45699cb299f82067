/**
 * The four states of a screen: loading, empty, error, data.
 *
 *   const view = screen(container, {
 *     load: (signal) => get("/requests/", query(), { signal }),
 *     render: (data) => [nodes],              // data; may take its time (core/chunks.js)
 *     isEmpty: (data) => !data.items.length,  // optional
 *     empty: () => emptyState({ iconName, title, text, action }),
 *     skeleton: () => skeletonRows(5),
 *   });
 *   view.reload();   // shows the skeleton
 *   view.refresh();  // keeps the present data on the screen until the next is there
 *   view.update();   // the same for news that come often: the reading under way ends first
 *   view.show(nodes); // draws something that needs no loading
 *
 * A screen that goes away before its page calls `view.stop()`. The newest call
 * wins; an error offers «Повторить» and heals by itself when the connection is
 * back. A screen that was never loaded has nothing to refresh.
 */
import { el, icon, listen, redraw } from "../core/dom.js";
import { yieldToBrowser } from "../core/chunks.js";

export function screen(container, { load, render, isEmpty = () => false, empty, skeleton = skeletonRows }) {
  let controller = null;
  let failed = false;
  let shown = false;
  let busy = false;
  let isOld = false;

  async function refresh() {
    controller?.abort();
    const mine = (controller = new AbortController());
    [busy, isOld] = [true, false];
    try {
      const data = await load(mine.signal);
      await yieldToBrowser();
      if (controller !== mine) return;
      const nodes = isEmpty(data) ? empty(data) : await render(data);
      if (controller === mine) show(nodes);
    } catch (error) {
      if (controller === mine && error.name === "ApiError") fail(error);
      else if (controller === mine) throw error;
    } finally {
      if (controller === mine) rest();
    }
  }

  function rest() {
    busy = false;
    if (isOld) refresh();
  }

  /** Constant news would else abort every reading before it ends. */
  function update() {
    if (busy) isOld = true;
    else if (shown || failed) refresh();
  }

  function show(children) {
    failed = false;
    shown = true;
    container.removeAttribute("aria-busy");
    redraw(container, children);
  }

  /** An outage does not take away what is on the screen: the banner speaks of it. */
  function fail(error) {
    failed = true;
    if (shown && error.isOutage) return;
    container.removeAttribute("aria-busy");
    redraw(container, errorState(error, reload));
  }

  function reload() {
    shown = false;
    container.setAttribute("aria-busy", "true");
    redraw(container, skeleton());
    return refresh();
  }

  const stop = listen("connection-restored", () => failed && (shown ? refresh() : reload()));
  return { reload, refresh, update, show, stop };
}

/** `level` is that of the heading: 1 where nothing else names the page. */
export function emptyState({ iconName = "ticket", title, text, action, level = 2 }) {
  return el(
    "div",
    { class: "state" },
    icon(iconName),
    el(`h${level}`, { class: "state__title" }, title),
    text && el("p", {}, text),
    action,
  );
}

export function errorState(error, retry) {
  const button = el(
    "button",
    { class: "button", type: "button", onclick: retry, "data-key": "retry" },
    icon("refresh"),
    "Повторить",
  );
  return el(
    "div",
    { class: "state state--error", role: "alert" },
    icon("alert"),
    el("h2", { class: "state__title" }, "Не получилось загрузить"),
    el("p", {}, error.message),
    button,
  );
}

export function skeletonRows(count = 5) {
  const rows = Array.from({ length: count }, () => el("div", { class: "skeleton" }));
  return el("div", { class: "skeletons" }, el("p", { class: "visually-hidden", role: "status" }, "Загружаем…"), rows);
}
