/**
 * All settings in groups, each saved by itself. Groups that nobody is typing
 * in follow what is stored, whoever stored it; the others keep what is typed,
 * and the browser asks before it leaves them.
 */
import { el, icon } from "../core/dom.js";
import { deadlinePreview } from "./deadline_preview.js";
import { GROUPS } from "./groups.js";
import { groupPanel } from "./panel.js";
import { loadStore, refreshStore } from "./store.js";
import { createScreen, skeletonRows } from "../ui/screen.js";
import { inChunks } from "../core/chunks.js";

export function settingsView() {
  const node = el("div", {});
  const panels = [];
  let store = null;

  const render = async (loaded) => {
    const follow = () => panels.forEach((panel) => panel.follow());
    panels.push(...(await inChunks(GROUPS, (group) => groupPanel(group, loaded, follow))));
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

  const shown = async () => {
    if (!store) return screen.reload();
    await refreshStore(store).catch(() => {});
    panels.forEach((panel) => panel.follow());
  };

  window.addEventListener("beforeunload", (event) => panels.some((panel) => panel.isDirty()) && event.preventDefault());
  return { node, shown };
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
