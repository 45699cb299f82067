/**
 * Rows that stay while a list changes around them: an item that is the same as
 * before keeps its node, so focus, place of scrolling and a running button
 * survive. Those of `fresh` (ids) that look different now are marked a while.
 *
 *   const draw = keyedRows({ place: tbody, row: (repair) => tr, idOf: ({ requestid }) => requestid });
 *   draw(items, fresh);
 *
 * Where rows wander between several places, their owner keeps the nodes itself:
 * `keep(former, item, row)`, `markFresh(fresh, former, present)`.
 */
import { arrange } from "../core/dom.js";

const FRESH_MS = 2500;
const WORDS_AGE_MS = 600_000;

export function keyedRows({ place, row, idOf }) {
  let known = new Map();
  return (items, fresh = new Set()) => {
    const next = new Map(items.map((item) => [idOf(item), keep(known.get(idOf(item)), item, row)]));
    arrange(
      place,
      [...next.values()].map(({ node }) => node),
    );
    markFresh(fresh, known, next);
    known = next;
  };
}

/** Words such as «сегодня» and «просрочено на 2 часа» grow old, though the item does not change. */
export function keep(former, item, row) {
  const text = `${Math.floor(Date.now() / WORDS_AGE_MS)} ${JSON.stringify(item)}`;
  return former?.text === text ? former : { text, node: row(item) };
}

export function markFresh(fresh, former, present) {
  for (const id of fresh) if (present.has(id) && present.get(id) !== former.get(id)) mark(present.get(id).node);
}

function mark(node) {
  node.dataset.fresh = "true";
  setTimeout(() => delete node.dataset.fresh, FRESH_MS);
}
