/**
 * Horizontal bars that illustrate the numbers beside them.
 *
 *   bar(0.4, "done")
 *   stack([{ share: 0.7, variant: "done", href, title: "Завершена: 42" }, …])   // parts of a whole
 */
import { svg } from "../core/dom.js";

export function bar(share, variant = "plain") {
  const mark = share > 0 && svg("rect", { class: "bar__mark", width: `${share * 100}%`, height: "100%", rx: 3 });
  return svg("svg", { class: `bar bar--${variant}`, "aria-hidden": "true" }, mark);
}

/** Its links repeat those of the table beside it, so they are not in the tab order. */
export function stack(parts) {
  let start = 0;
  const marks = parts
    .filter(({ share }) => share > 0)
    .map(({ share, variant, href, title }) => {
      const mark = svg("rect", { class: "bar__mark", x: `${start * 100}%`, width: `${share * 100}%`, height: "100%" });
      start += share;
      return svg("a", { class: `bar--${variant}`, href, tabindex: "-1" }, svg("title", {}, title), mark);
    });
  return svg("svg", { class: "stack", "aria-hidden": "true" }, marks);
}
