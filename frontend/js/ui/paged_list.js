/**
 * A list that grows by pages («Показать ещё») and reads itself again when one
 * of its rows changes.
 *
 *   const list = pagedList({
 *     loadPage: ({ cursor, limit, signal }) => …,     // {items, next_cursor, total?}
 *     frame: () => ({ node, place, row }),            // what stands around the rows, and how one looks
 *     idOf: ({ requestid }) => requestid,
 *     empty: () => emptyState({ … }),
 *     words: ["заявка", "заявки", "заявок"],
 *   });
 *   container.append(list.node);
 *   list.reload();          // from the first page
 *   list.update([7]);       // the same rows again; what differs in row 7 is marked
 *   list.redraw();          // a new frame for the same rows
 *   list.shows(7)  list.items()
 */
import { LONGEST_PAGE, PAGE_SIZE } from "../config.js";
import { el, redraw } from "../core/dom.js";
import { number, plural } from "../core/format.js";
import { keyedRows } from "./keyed_rows.js";
import { screen, skeletonRows } from "./screen.js";
import { toastError } from "./toast.js";

export function pagedList({ loadPage, frame, idOf, empty, words }) {
  const node = el("div", { class: "section" });
  const fresh = new Set();
  let pages = null;
  let drawn = null;
  let wanted = PAGE_SIZE;

  /** As many rows as are on the screen, so that a change does not fold the list. */
  const load = async (signal) => (pages = await loadRows(loadPage, wanted, signal));

  const grow = async () => {
    const before = pages;
    const next = await loadPage({ limit: PAGE_SIZE, cursor: before.next_cursor }).catch((error) =>
      toastError(error.message),
    );
    if (!next) return;
    wanted = before.items.length + PAGE_SIZE;
    if (pages !== before) return view.update();
    pages = joined(before, next);
    view.show(render());
  };

  const render = () => {
    drawn ??= draw(frame(), { idOf, words, grow });
    drawn.tell(pages, fresh);
    fresh.clear();
    return drawn.nodes;
  };

  const view = screen(node, {
    load,
    render,
    empty,
    isEmpty: (data) => !data.items.length,
    skeleton: () => skeletonRows(4),
  });

  return {
    node,
    shows: (id) => pages?.items.some((item) => idOf(item) === id) ?? false,
    items: () => pages?.items ?? [],
    update: (ids = []) => {
      for (const id of ids) fresh.add(id);
      if (node.isConnected) view.update();
    },
    redraw: () => {
      drawn = null;
      if (pages?.items.length) view.show(render());
    },
    reload: () => {
      [pages, drawn, wanted] = [null, null, PAGE_SIZE];
      return view.reload();
    },
  };
}

async function loadRows(loadPage, wanted, signal) {
  let rows = await loadPage({ limit: Math.min(LONGEST_PAGE, wanted), signal });
  while (rows.items.length < wanted && rows.next_cursor) {
    rows = joined(
      rows,
      await loadPage({ limit: Math.min(LONGEST_PAGE, wanted - rows.items.length), cursor: rows.next_cursor, signal }),
    );
  }
  return rows;
}

const joined = (rows, next) => ({ ...rows, items: [...rows.items, ...next.items], next_cursor: next.next_cursor });

function draw({ node, place, row }, { idOf, words, grow }) {
  const drawRows = keyedRows({ place, row, idOf });
  const text = el("p", { role: "status" });
  const foot = el("div", { class: "more" });
  const more = el("button", { class: "button", type: "button", onclick: grow, "data-key": "more" }, "Показать ещё");
  const tell = (pages, fresh) => {
    drawRows(pages.items, fresh);
    redraw(text, extent(pages, words));
    redraw(foot, text, pages.next_cursor && more);
  };
  return { nodes: [node, foot], tell };
}

function extent({ items, next_cursor, total, total_is_capped }, words) {
  const all = total_is_capped ? `больше ${number(total)}` : plural(total, ...words);
  return next_cursor ? `Показано ${items.length}, всего ${all}` : all;
}
