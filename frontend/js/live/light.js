/**
 * The light in the header: whether what is on the screen follows the work,
 * said by word, colour and shape. The shape is drawn by the stylesheet: an icon
 * could not be fetched just when there is no connection.
 */
import { el, listen } from "../core/dom.js";
import { clockTime } from "../core/format.js";

const LOOKS = {
  live: { text: "В эфире", more: "Изменения видны сразу." },
  reconnecting: { text: "Переподключение…", more: "Показанное могло устареть." },
  offline: { text: "Нет связи", more: "Показанное могло устареть." },
};

/** Empty until the page goes live. */
export function liveLight() {
  const node = el("p", { class: "light", role: "status" });
  listen("live-state", ({ state, since }) => {
    const { text, more } = LOOKS[state];
    node.className = `light light--${state}`;
    node.title = `${text} с ${clockTime(since)}. ${more}`;
    node.textContent = text;
  });
  return node;
}
