/** The light in the header: whether what is on the screen follows the work, said by word, colour and shape. */
import { el, icon, listen, redraw } from "./dom.js";
import { clockTime } from "./format.js";

const LOOKS = {
  live: { icon: "live", text: "В эфире", more: "Изменения видны сразу." },
  reconnecting: { icon: "refresh", text: "Переподключение…", more: "Показанное могло устареть." },
  offline: { icon: "offline", text: "Нет связи", more: "Показанное могло устареть." },
};

/** Empty until the page goes live. */
export function liveLight() {
  const node = el("p", { class: "light", role: "status" });
  listen("live-state", ({ state, since }) => {
    const { icon: iconName, text, more } = LOOKS[state];
    node.className = `light light--${state}`;
    node.title = `${text} с ${clockTime(since)}. ${more}`;
    redraw(node, icon(iconName), el("span", {}, text));
  });
  return node;
}
