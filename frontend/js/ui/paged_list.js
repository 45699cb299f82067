/**
 * A list that grows by pages («Показать ещё») and keeps all its rows in the DOM.
 * For tens of thousands of rows: ui/virtual_list.js.
 *
 *   const list = pagedList({
 *     loadPage: ({ cursor, limit, signal }) => …,     // {items, next_cursor, total?}
 *     frame: () => ({ node, container, row }),        // the element, where its rows go, and row(item)
 *     idOf: ({ requestid }) => requestid,
 *     empty: () => emptyState({ … }),
 *     words: ["заявка", "заявки", "заявок"],
 *   });
 *   container.append(list.node);
 *   list.reload();          // from the first page
 *   list.update([7]);       // load the shown rows again; highlight row 7 if it differs
 *   list.redraw();          // a new frame for the same rows
 *   list.shows(7)  list.items()
 */
import { LONGEST_PAGE, PAGE_SIZE } from "../config.js";
import { el } from "../core/dom.js";
import { keyedRows } from "./keyed_rows.js";
import { listFoot } from "./list_foot.js";
import { createScreen, skeletonRows } from "./screen.js";
import { toastError } from "./toast.js";

export function pagedList({ loadPage, frame, idOf, empty, words }) {
  const node = el("div", { class: "section" });
  const fresh = new Set();
  let loaded = null;
  let drawn = null;
  let wanted = PAGE_SIZE;

  /** As many rows as are shown, so that a change does not shorten the list. */
  const load = async (signal) => (loaded = await loadRows(loadPage, wanted, signal));

  const grow = async () => {
    const before = loaded;
    const next = await loadPage({ limit: PAGE_SIZE, cursor: before.next_cursor }).catch((error) =>
      toastError(error.message),
    );
    if (!next) return;
    wanted = before.items.length + PAGE_SIZE;
    if (loaded !== before) return screen.update();
    loaded = joined(before, next);
    screen.show(render());
  };

  const render = () => {
    drawn ??= createRows(frame(), { idOf, words, grow });
    drawn.draw(loaded, fresh);
    fresh.clear();
    return drawn.nodes;
  };

  const screen = createScreen(node, {
    load,
    render,
    empty,
    isEmpty: (data) => !data.items.length,
    skeleton: () => skeletonRows(4),
  });

  return {
    node,
    shows: (id) => loaded?.items.some((item) => idOf(item) === id) ?? false,
    items: () => loaded?.items ?? [],
    update: (ids = []) => {
      for (const id of ids) fresh.add(id);
      if (node.isConnected) screen.update();
    },
    redraw: () => {
      drawn = null;
      if (loaded?.items.length) screen.show(render());
    },
    reload: () => {
      [loaded, drawn, wanted] = [null, null, PAGE_SIZE];
      return screen.reload();
    },
  };
}

async function loadRows(loadPage, wanted, signal) {
  let rows = await loadPage({ limit: Math.min(LONGEST_PAGE, wanted), signal });
  while (rows.items.length < wanted && rows.next_cursor) {
    const limit = Math.min(LONGEST_PAGE, wanted - rows.items.length);
    rows = joined(rows, await loadPage({ limit, cursor: rows.next_cursor, signal }));
  }
  return rows;
}

const joined = (rows, next) => ({ ...rows, items: [...rows.items, ...next.items], next_cursor: next.next_cursor });

function createRows({ node, container, row }, { idOf, words, grow }) {
  const drawRows = keyedRows({ container, row, idOf });
  const foot = listFoot(words, grow);
  const draw = ({ items, next_cursor, ...found }, fresh) => {
    drawRows(items, fresh);
    foot.draw({ ...found, shown: items.length, hasMore: Boolean(next_cursor) });
  };
  return { nodes: [node, foot.node], draw };
}
