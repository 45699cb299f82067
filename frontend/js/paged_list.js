/**
 * A list that grows by pages («Показать ещё») and loads itself again when one
 * of its rows changes.
 *
 *   const list = pagedList({
 *     loadPage: ({ cursor, limit, signal }) => …,     // {items, next_cursor, total?}
 *     draw: (items) => nodes,
 *     empty: () => emptyState({ … }),
 *     words: ["заявка", "заявки", "заявок"],
 *     changed: "request-saved",                       // the event after which rows may differ
 *   });
 *   container.append(list.node);
 *   list.reload();
 */
import { PAGE_SIZE } from "./config.js";
import { el, listen } from "./dom.js";
import { number, plural } from "./format.js";
import { screen, skeletonRows } from "./states.js";
import { toastError } from "./toast.js";

const LONGEST_REFRESH = 100;

export function pagedList({ loadPage, draw, empty, words, changed }) {
  const node = el("div", { class: "section" });
  let pages = null;

  /** As many rows as are on the screen, so that a change does not fold the list. */
  const load = async (signal) => {
    const limit = Math.min(LONGEST_REFRESH, Math.max(PAGE_SIZE, pages?.items.length ?? 0));
    return (pages = await loadPage({ limit, signal }));
  };

  const grow = async () => {
    const next = await loadPage({ limit: PAGE_SIZE, cursor: pages.next_cursor }).catch((error) => toastError(error.message));
    if (!next) return;
    pages = { ...pages, items: [...pages.items, ...next.items], next_cursor: next.next_cursor };
    view.show(render());
  };

  const render = () => [draw(pages.items), foot(pages, words, grow)];
  const view = screen(node, { load, render, empty, isEmpty: (data) => !data.items.length, skeleton: () => skeletonRows(4) });

  listen(changed, view.refresh);
  return {
    node,
    redraw: () => pages?.items.length && view.show(render()),
    reload: () => {
      pages = null;
      return view.reload();
    },
  };
}

function foot({ items, next_cursor, total, total_is_capped }, words, grow) {
  const all = total_is_capped ? `больше ${number(total)}` : plural(total, ...words);
  const text = next_cursor ? `Показано ${items.length}, всего ${all}` : all;
  const button = next_cursor && el("button", { class: "button", type: "button", onclick: grow, "data-key": "more" }, "Показать ещё");
  return el("div", { class: "more" }, el("p", { role: "status" }, text), button);
}
