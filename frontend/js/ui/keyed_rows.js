/**
 * Rows that are reused while their item is unchanged, so focus, scroll position
 * and running buttons survive. Changed rows of `fresh` (ids) are highlighted for
 * a moment.
 *
 *   const draw = keyedRows({ container: tbody, row: (repair) => tr, idOf: ({ requestid }) => requestid });
 *   draw(items, fresh);
 *
 * For rows in several containers: `reuseRow(former, item, row)` and
 * `highlight(fresh, former, present)`.
 */
import { arrange } from "../core/dom.js";

const FRESH_MS = 2500;
const REDRAW_AFTER_MS = 600_000;

export function keyedRows({ container, row, idOf }) {
  let known = new Map();
  return (items, fresh = new Set()) => {
    const next = new Map(items.map((item) => [idOf(item), reuseRow(known.get(idOf(item)), item, row)]));
    arrange(
      container,
      [...next.values()].map(({ node }) => node),
    );
    highlight(fresh, known, next);
    known = next;
  };
}

/** The former row `{text, node}` if its item is unchanged. Relative dates («сегодня») go stale: redraw after 10 minutes. */
export function reuseRow(former, item, row) {
  const text = `${Math.floor(Date.now() / REDRAW_AFTER_MS)} ${JSON.stringify(item)}`;
  return former?.text === text ? former : { text, node: row(item) };
}

export function highlight(fresh, former, present) {
  for (const id of fresh) if (present.has(id) && present.get(id) !== former.get(id)) mark(present.get(id).node);
}

function mark(node) {
  node.dataset.fresh = "true";
  setTimeout(() => delete node.dataset.fresh, FRESH_MS);
}
