/**
 * Tabs with their panels; arrow keys move between tabs.
 *
 *   tabs("Вход и регистрация", [{ id: "sign-in", label: "Вход", panel: node }, …], { selected: "sign-in", onSelect })
 */
import { el } from "../core/dom.js";

const OFFSETS = { ArrowRight: 1, ArrowLeft: -1 };

export function tabs(label, items, { selected = items[0].id, onSelect = () => {} } = {}) {
  const buttons = items.map((item) => tab(item, () => select(item.id)));
  const panels = items.map((item) =>
    el("div", { role: "tabpanel", id: `panel-${item.id}`, "aria-labelledby": `tab-${item.id}` }, item.panel),
  );

  function select(id) {
    items.forEach((item, index) => {
      const chosen = item.id === id;
      buttons[index].setAttribute("aria-selected", String(chosen));
      buttons[index].tabIndex = chosen ? 0 : -1;
      panels[index].hidden = !chosen;
    });
    onSelect(id);
  }

  function move(event) {
    const offset = OFFSETS[event.key];
    if (!offset) return;
    const next = (buttons.indexOf(document.activeElement) + offset + items.length) % items.length;
    select(items[next].id);
    buttons[next].focus();
  }

  select(selected);
  return [el("div", { class: "tabs", role: "tablist", "aria-label": label, onkeydown: move }, buttons), panels];
}

const tab = ({ id, label }, onclick) =>
  el("button", { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}`, onclick }, label);
