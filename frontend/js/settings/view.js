/**
 * Tab «Настройки»: all groups of settings, each saved by itself. Unchanged groups
 * follow the stored settings. Changed ones keep the typed values, and the browser
 * asks before leaving the page.
 */
import { el, icon } from "../core/dom.js";
import { deadlinePreview } from "./deadline_preview.js";
import { GROUPS } from "./groups.js";
import { groupPanel } from "./panel.js";
import { loadStore, refreshStore } from "./store.js";
import { createScreen, skeletonRows } from "../ui/screen.js";
import { inChunks } from "../core/chunks.js";

export function settingsTab() {
  const node = el("div", {});
  const panels = [];
  let store = null;

  const render = async (loaded) => {
    const refresh = () => panels.forEach((panel) => panel.refresh());
    panels.push(...(await inChunks(GROUPS, (group) => groupPanel(group, loaded, refresh))));
    store = loaded;
    deadlinePreview(node, store);
    return el(
      "div",
      { class: "settings" },
      contents(),
      el(
        "div",
        { class: "section" },
        panels.map((panel) => panel.node),
      ),
    );
  };

  const screen = createScreen(node, { load: loadStore, render, skeleton: () => skeletonRows(6) });

  const onShow = async () => {
    if (!store) return screen.reload();
    await refreshStore(store).catch(() => {});
    panels.forEach((panel) => panel.refresh());
  };

  window.addEventListener("beforeunload", (event) => panels.some((panel) => panel.isDirty()) && event.preventDefault());
  return { node, onShow };
}

const contents = () =>
  el(
    "nav",
    { class: "settings__contents", "aria-label": "Группы настроек" },
    el(
      "ul",
      {},
      GROUPS.map(({ id, title, iconName }) => el("li", {}, el("a", { href: `#${id}` }, icon(iconName), title))),
    ),
  );
