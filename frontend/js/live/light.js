/**
 * Connection state in the header, by word, colour and shape. The stylesheet draws
 * the shape: an icon could not be fetched without a connection.
 */
import { el, listen } from "../core/dom.js";
import { clockTime } from "../core/format.js";

const TEXTS = {
  live: { text: "В эфире", more: "Изменения видны сразу." },
  reconnecting: { text: "Переподключение…", more: "Показанное могло устареть." },
  offline: { text: "Нет связи", more: "Показанное могло устареть." },
};

/** Empty until the first "live-state". */
export function liveLight() {
  const node = el("p", { class: "light", role: "status" });
  listen("live-state", ({ state, since }) => {
    const { text, more } = TEXTS[state];
    node.className = `light light--${state}`;
    node.title = `${text} с ${clockTime(since)}. ${more}`;
    node.textContent = text;
  });
  return node;
}
