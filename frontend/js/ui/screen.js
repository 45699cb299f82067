/**
 * Part of a page with four states: loading, empty, error, data.
 *
 *   const screen = createScreen(container, {
 *     load: (signal) => get("/requests/", query(), { signal }),
 *     render: (data) => [nodes],              // may be asynchronous (core/chunks.js)
 *     isEmpty: (data) => !data.items.length,  // optional
 *     empty: () => emptyState({ iconName, title, text, action }),
 *     skeleton: () => skeletonRows(5),
 *   });
 *   screen.reload();    // shows the skeleton while loading
 *   screen.refresh();   // shows the current data while loading
 *   screen.update();    // for frequent events: `refresh` after the running load ends
 *   screen.show(nodes); // draws without loading
 *   screen.stop();      // if the screen is removed before its page
 *
 * The latest call wins. An error offers «Повторить»; the screen loads again when
 * the connection is restored.
 */
import { el, icon, listen, redraw } from "../core/dom.js";
import { yieldToBrowser } from "../core/chunks.js";

export function createScreen(container, { load, render, isEmpty = () => false, empty, skeleton = skeletonRows }) {
  let controller = null;
  let failed = false;
  let shown = false;
  let busy = false;
  let isOld = false;

  async function refresh() {
    controller?.abort();
    const own = (controller = new AbortController());
    [busy, isOld] = [true, false];
    try {
      const data = await load(own.signal);
      await yieldToBrowser();
      if (controller !== own) return;
      const nodes = isEmpty(data) ? empty(data) : await render(data);
      if (controller === own) show(nodes);
    } catch (error) {
      if (controller === own && error.name === "ApiError") fail(error);
      else if (controller === own) throw error;
    } finally {
      if (controller === own) finish();
    }
  }

  function finish() {
    busy = false;
    if (isOld) refresh();
  }

  /** Let the running load finish: frequent events would abort it forever. */
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

  /** During an outage the shown data stays; the banner reports the outage. */
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

/** `level`: heading level, 1 if the page has no other title. */
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
