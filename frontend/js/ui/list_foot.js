/**
 * Foot of a list that grows: how many items are shown, and «Показать ещё».
 *
 *   const foot = listFoot(["заявка", "заявки", "заявок"], loadMore);
 *   foot.draw({ shown: 20, hasMore: true, total: 57, total_is_capped: false });
 *   foot.node
 */
import { el, redraw } from "../core/dom.js";
import { number, plural } from "../core/format.js";

export function listFoot(words, onMore) {
  const node = el("div", { class: "more" });
  const text = el("p", { role: "status" });
  const more = el("button", { class: "button", type: "button", onclick: onMore, "data-key": "more" }, "Показать ещё");

  function draw({ shown, hasMore, total, total_is_capped }) {
    const all = total_is_capped ? `больше ${number(total)}` : plural(total, ...words);
    redraw(text, hasMore ? `Показано ${number(shown)}, всего ${all}` : all);
    redraw(node, text, hasMore && more);
  }

  return { node, draw };
}
