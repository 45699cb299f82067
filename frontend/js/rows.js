/**
 * Rows that stay while a list changes around them: an item that is the same as
 * before keeps its node, so focus, place of scrolling and a running button
 * survive. Those of `fresh` (ids) that look different now are marked a while.
 *
 *   const draw = keyedRows({ place: tbody, row: (repair) => tr, idOf: ({ requestid }) => requestid });
 *   draw(items, fresh);
 */
import { arrange } from "./dom.js";

const FRESH_MS = 2500;
const WORDS_AGE_MS = 600_000;

export function keyedRows({ place, row, idOf }) {
  let known = new Map();
  return (items, fresh = new Set()) => {
    const next = new Map(items.map((item) => [idOf(item), keep(known.get(idOf(item)), item, row)]));
    arrange(place, [...next.values()].map(({ node }) => node));
    for (const id of fresh) if (next.has(id) && next.get(id) !== known.get(id)) mark(next.get(id).node);
    known = next;
  };
}

/** Words such as «сегодня» and «просрочено на 2 часа» grow old, though the item does not change. */
function keep(former, item, row) {
  const text = `${Math.floor(Date.now() / WORDS_AGE_MS)} ${JSON.stringify(item)}`;
  return former?.text === text ? former : { text, node: row(item) };
}

function mark(node) {
  node.dataset.fresh = "true";
  setTimeout(() => delete node.dataset.fresh, FRESH_MS);
}
