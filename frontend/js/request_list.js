/**
 * A list of requests that grows by pages («Показать ещё») and loads itself
 * again when a request changes.
 *
 *   const list = requestList({
 *     query: () => ({ requeststatus: ["В работе"], sort: "-startdate" }),
 *     draw: (items) => ticketCards(items, user),
 *     empty: () => emptyState({ … }),
 *   });
 *   container.append(list.node);
 *   list.reload();
 */
import { PAGE_SIZE } from "./config.js";
import { el, listen } from "./dom.js";
import { plural } from "./format.js";
import { listRequests } from "./requests.js";
import { screen, skeletonRows } from "./states.js";
import { toastError } from "./toast.js";

const LONGEST_REFRESH = 100;

export function requestList({ query, draw, empty }) {
  const node = el("div", { class: "section" });
  let pages = null;

  /** As many rows as are on the screen, so that a change does not fold the list. */
  const load = async (signal) => {
    const limit = Math.min(LONGEST_REFRESH, Math.max(PAGE_SIZE, pages?.items.length ?? 0));
    return (pages = await listRequests(query(), { limit, signal }));
  };

  const grow = async () => {
    const next = await listRequests(query(), { cursor: pages.next_cursor }).catch((error) => toastError(error.message));
    if (!next) return;
    pages = { ...pages, items: [...pages.items, ...next.items], next_cursor: next.next_cursor };
    view.show(render());
  };

  const render = () => [draw(pages.items), foot(pages, grow)];
  const view = screen(node, { load, render, empty, isEmpty: (data) => !data.items.length, skeleton: () => skeletonRows(4) });

  listen("request-saved", view.refresh);
  return {
    node,
    redraw: () => pages?.items.length && view.show(render()),
    reload: () => {
      pages = null;
      return view.reload();
    },
  };
}

function foot({ items, next_cursor, total, total_is_capped }, grow) {
  const all = total_is_capped ? `более ${plural(total, "заявки", "заявок", "заявок")}` : plural(total, "заявка", "заявки", "заявок");
  const text = next_cursor ? `Показано ${items.length}, всего ${all}` : all;
  const button = next_cursor && el("button", { class: "button", type: "button", onclick: grow, "data-key": "more" }, "Показать ещё");
  return el("div", { class: "more" }, el("p", { role: "status" }, text), button);
}
