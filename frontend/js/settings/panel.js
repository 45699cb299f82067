/**
 * Panel of one group of settings: a form with a mark of unsaved changes and a
 * reset to the defaults. Its draft survives a reload; changes of two administrators
 * are merged.
 *
 *   const panel = groupPanel(group, store, onSaved);
 *   panel.node   panel.isDirty()   panel.refresh()    // after the stored settings have changed
 *
 * A group is `{ id, title, iconName, about, names, draw(settings, store), read(form, base) }`.
 * `draw` makes the fields, `read` returns their values as `{name: value}`. A
 * group that also changes settings of other groups lists its own in `resets`.
 */
import { badge } from "../ui/badge.js";
import { el, icon, redraw, replace } from "../core/dom.js";
import { clearValue, saveValue, loadValue } from "../offline/drafts.js";
import { form } from "../ui/form.js";
import { moment } from "../core/format.js";
import { loadAudit } from "../journal/api.js";
import { partName, valueText } from "../journal/setting_words.js";
import { merge, refreshStore, same, saveSettings } from "./store.js";
import { toast } from "../ui/toast.js";

const MOST_TRIES = 3;

export function groupPanel(group, store, onSaved) {
  const container = el("div", {});
  const notice = el("div", { class: "news", role: "alert" });
  const mark = el("span", { role: "status" });
  const tools = el("div", { class: "form__actions" });
  let base = null;
  let node = null;

  const draft = `settings:${group.id}`;
  const valuesOf = (settings) => Object.fromEntries(group.names.map((name) => [name, settings[name]]));
  const typed = () => ({ ...base, ...group.read(node, base) });
  const isDirty = () => node !== null && !same(typed(), base);

  function draw(settings, since = valuesOf(store.settings)) {
    base = since;
    node = form({
      fields: group.draw({ ...store.settings, ...settings }, store),
      submit: "Сохранить",
      send,
      extra: [tools],
      "data-group": group.id,
    });
    for (const kind of ["input", "change"]) node.addEventListener(kind, showState);
    redraw(container, node);
    showState();
  }

  function showState() {
    const dirty = isDirty();
    const isDefault = (group.resets ?? group.names).every((name) => same(typed()[name], store.defaults[name]));
    node.dataset.dirty = String(dirty);
    if (dirty) saveValue(draft, { base, values: typed() });
    else clearValue(draft);
    replace(mark, dirty && badge("soon", "edit", "Не сохранено"));
    redraw(
      tools,
      dirty && button("Отменить", "close", () => restart(store.settings)),
      !isDefault && button("Вернуть исходное", "refresh", () => restart(store.defaults)),
    );
    node.dispatchEvent(new CustomEvent("settings-typed", { bubbles: true }));
  }

  /** Fill the form with other, unsaved values. */
  function restart(settings) {
    replace(notice);
    draw(valuesOf(settings));
    node.querySelector("input, select, textarea, button").focus();
  }

  const button = (text, iconName, onclick) =>
    el(
      "button",
      { class: "button button--quiet", type: "button", onclick, "data-key": `${group.id}-${iconName}` },
      icon(iconName),
      text,
    );

  async function send() {
    replace(notice);
    if (!(await save(typed()))) return;
    draw(valuesOf(store.settings));
    node.querySelector("[type=submit]").focus();
    toast(`Сохранено: ${group.title}`);
    onSaved();
  }

  /** Save over what others have saved meanwhile. If both changed the same value, ask the user. */
  async function save(mine, tries = MOST_TRIES) {
    const theirs = valuesOf(store.settings);
    const { value, conflicts } = merge(base, mine, theirs);
    if (conflicts.length) return ask(conflicts, value, theirs);
    try {
      await saveSettings(store, changed(value, theirs));
      return true;
    } catch (error) {
      if (error.status !== 412 || tries === 0) throw error;
      await refreshStore(store);
      return save(mine, tries - 1);
    }
  }

  async function ask(conflicts, merged, theirs) {
    const saveMine = () => {
      draw(merged, theirs);
      node.requestSubmit();
    };
    const takeTheirs = () => restart(store.settings);
    replace(
      notice,
      await conflictNotice(conflicts, merged, theirs, [
        ["Сохранить моё", saveMine],
        ["Взять, как сейчас", takeTheirs],
      ]),
    );
    notice.querySelector("button").focus();
    return false;
  }

  const refresh = () => !isDirty() && !same(valuesOf(store.settings), base) && draw(valuesOf(store.settings));
  const saved = loadValue(draft);
  if (saved.base) draw(saved.values, saved.base);
  else draw(valuesOf(store.settings));
  const head = el("div", { class: "block__head" }, el("h2", { id: `${group.id}-title` }, group.title), mark);
  const section = el(
    "section",
    { class: "panel section settings__group", id: group.id, "aria-labelledby": `${group.id}-title` },
    head,
    el("p", { class: "muted" }, group.about),
    el("div", {}, notice, container),
  );
  return { node: section, isDirty, refresh };
}

const changed = (value, theirs) =>
  Object.fromEntries(Object.entries(value).filter(([name, part]) => !same(part, theirs[name])));

async function conflictNotice(conflicts, mine, theirs, choices) {
  const rows = conflicts.map((path) =>
    el("li", {}, `${partName(path)}: у вас «${textOf(mine, path)}», сейчас «${textOf(theirs, path)}»`),
  );
  const buttons = choices.map(([text, onclick]) => el("button", { class: "button", type: "button", onclick }, text));
  const text = [
    el("p", {}, el("strong", {}, await whoChanged(conflicts[0][0])), " Ваш текст на месте."),
    el("ul", { class: "list" }, rows),
    el("div", { class: "form__actions" }, buttons),
  ];
  return el("div", { class: "notice notice--warn" }, el("div", { class: "section" }, text));
}

async function whoChanged(setting) {
  const [last] = await loadAudit({ setting, limit: 1 }).then(
    ({ items }) => items,
    () => [],
  );
  if (!last?.actor) return "Пока вы правили, эту настройку изменил кто-то ещё.";
  return `Пока вы правили, эту настройку изменил другой администратор: ${last.actor.fullname}, ${moment(last.at)}.`;
}

const textOf = (values, [name, ...path]) =>
  valueText(
    name,
    path.reduce((value, part) => value?.[part], values[name]),
    path[0],
  );
