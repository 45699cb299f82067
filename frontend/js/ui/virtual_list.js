/**
 * Virtual list: scrolls smoothly through tens of thousands of rows. Pages are
 * loaded when they come near the viewport. Far from it, a gap of the same height
 * replaces their rows. After a change, only near pages are loaded again.
 *
 *   const list = virtualList({
 *     loadPage: ({ cursor, limit, signal }) => …,     // {items, next_cursor, total?}
 *     frame: () => ({ node, container, page, gap, row, count }),
 *     idOf: ({ requestid }) => requestid,
 *     empty: () => emptyState({ … }),
 *     words: ["заявка", "заявки", "заявок"],
 *     onDrawn: () => …,                               // optional: the rows may have changed
 *   });
 *   list.reload(position);  // from the first page, or at a former list.position()
 *   list.update([7]);       // load again; highlight row 7 if it differs
 *   list.redraw();          // a new frame for the same rows
 *   list.shows(7)  list.items()  list.position()
 *
 * In a frame, `container` holds the pages, `page()` makes the element of one,
 * `gap(px)` the placeholder of its rows, and `row(item)` a row. The optional
 * `count(node, index, found)` marks the index of a row, from 1.
 */
import { PAGE_SIZE } from "../config.js";
import { arrange, el } from "../core/dom.js";
import { highlight, reuseRow } from "./keyed_rows.js";
import { listFoot } from "./list_foot.js";
import { createScreen, skeletonRows } from "./screen.js";
import { toastError } from "./toast.js";

const NEXT_PAGE_SIZE = 25;
const DRAWN_WITHIN = "1500px 0px";
const LOADED_WITHIN = "600px 0px";

export function virtualList({ loadPage, frame, idOf, empty, words, onDrawn = () => {} }) {
  const node = el("div", { class: "section" });
  const fresh = new Set();
  const nearness = new IntersectionObserver(onNearness, { rootMargin: DRAWN_WITHIN });
  const end = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && grow(), {
    rootMargin: LOADED_WITHIN,
  });
  const foot = listFoot(words, () => grow(toastError));
  let [pages, known, drawn, found, restored] = [[], new Map(), null, {}, null];
  let isGrowing = false;
  let generation = 0;

  const isStale = (page) => page.generation < generation;

  async function load(signal) {
    if (!pages.length) pages = [newPage(null, PAGE_SIZE)];
    for (let index = 0; index < pages.length; index += 1) {
      if (isStale(pages[index]) && (index === 0 || pages[index].isNear)) await loadAgain(index, signal);
    }
    return pages;
  }

  async function loadAgain(index, signal) {
    const [page, started] = [pages[index], generation];
    const { items, next_cursor, ...rest } = await loadPage({ cursor: page.cursor, limit: page.size, signal });
    Object.assign(page, { items, next: next_cursor, generation: started });
    if (index === 0) found = rest;
    if (pages[index + 1]) startAt(index + 1, next_cursor);
  }

  /** A page starts where the one before it ends now; if that has moved, its items are stale. */
  function startAt(index, cursor) {
    if (!cursor) for (const page of pages.splice(index)) page.node?.remove();
    else if (pages[index].cursor !== cursor) Object.assign(pages[index], { cursor, generation: -1 });
  }

  async function grow(onError = () => {}) {
    const last = pages.at(-1);
    const cursor = last?.next;
    if (isGrowing || !cursor || !node.isConnected) return;
    isGrowing = true;
    try {
      await append(last, cursor);
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      onError(error.message);
    } finally {
      isGrowing = false;
    }
  }

  async function append(last, cursor) {
    const started = generation;
    const { items, next_cursor } = await loadPage({ cursor, limit: NEXT_PAGE_SIZE });
    if (pages.at(-1) !== last || last.next !== cursor) return;
    const page = { isNear: true, items, next: next_cursor, generation: started };
    pages.push({ ...newPage(cursor, NEXT_PAGE_SIZE), ...page });
    screen.show(render());
  }

  function onNearness(entries) {
    const changed = entries.map(setNearness).filter(Boolean);
    if (changed.length) drawPages();
    if (changed.some((page) => page.isNear && isStale(page))) screen.update();
  }

  /** The page if it has become near or far. A page with the focus stays. */
  function setNearness({ target, isIntersecting, boundingClientRect: { height } }) {
    const page = pages.find((one) => one.node === target);
    if (!page || page.isNear === isIntersecting || !height) return null;
    if (!isIntersecting && target.contains(document.activeElement)) return null;
    if (!isIntersecting) page.height = height;
    page.isNear = isIntersecting;
    return page;
  }

  function render() {
    drawn ??= frame();
    drawInPlace();
    fresh.clear();
    foot.draw({ ...found, shown: countItems(pages), hasMore: Boolean(pages.at(-1).next) });
    end.unobserve(foot.node);
    end.observe(foot.node);
    onDrawn();
    return [drawn.node, foot.node];
  }

  /** Draw and scroll so that the first visible row stays where it is. */
  function drawInPlace() {
    const anchor =
      window.scrollY > 0 && [...known.values()].find(({ node: row }) => row.getBoundingClientRect().bottom > 0)?.node;
    const before = anchor && anchor.getBoundingClientRect().top;
    drawPages();
    const moved = anchor?.isConnected ? anchor.getBoundingClientRect().top - before : 0;
    if (Math.abs(moved) >= 1) window.scrollBy({ top: moved, behavior: "instant" });
  }

  /** Rows keep their node when they move to another page, and the focus. */
  function drawPages() {
    const focused = drawn.container.contains(document.activeElement) && document.activeElement;
    const present = new Map();
    let index = 0;
    for (const page of pages) {
      if (!page.node) drawn.container.append(attach(page));
      const items = page.isNear || index === 0 ? (page.items ?? []) : [];
      items.forEach((item, offset) => present.set(idOf(item), rowOf(item, index + offset)));
      drawPage(
        page,
        items.map((item) => present.get(idOf(item)).node),
      );
      index += page.items?.length ?? page.size;
    }
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    highlight(fresh, known, present);
    known = present;
  }

  function rowOf(item, index) {
    const row = reuseRow(known.get(idOf(item)), item, drawn.row);
    drawn.count?.(row.node, index + 1, found);
    return row;
  }

  function drawPage(page, rows) {
    if (rows.length) page.gap = null;
    else page.gap ??= drawn.gap(page.height);
    arrange(page.node, rows.length ? rows : [page.gap]);
  }

  function attach(page) {
    page.node = drawn.page();
    nearness.observe(page.node);
    return page.node;
  }

  const screen = createScreen(node, {
    load,
    render: renderAndScroll,
    empty,
    isEmpty: () => !pages[0].items.length,
    skeleton: () => skeletonRows(4),
  });

  function renderAndScroll() {
    const nodes = render();
    const position = restored;
    restored = null;
    if (position) requestAnimationFrame(() => scrollToPage(position));
    return nodes;
  }

  function scrollToPage({ index, top }) {
    window.scrollBy(0, (pages[index]?.node.getBoundingClientRect().top ?? top) - top);
  }

  function dropNodes() {
    for (const page of pages) [page.node, page.gap] = [null, null];
    nearness.disconnect();
    [drawn, known] = [null, new Map()];
  }

  return {
    node,
    shows: (id) => pages.some(({ items }) => items?.some((item) => idOf(item) === id)),
    items: () => pages.flatMap(({ items }) => items ?? []),
    update: (ids = []) => {
      for (const id of ids) fresh.add(id);
      generation += 1;
      if (node.isConnected) screen.update();
    },
    redraw: () => {
      dropNodes();
      if (pages[0]?.items?.length) screen.show(render());
    },
    reload: (position = null) => {
      dropNodes();
      generation += 1;
      restored = position;
      pages = pagesAt(position);
      return screen.reload();
    },
    position: () => positionIn(pages),
  };
}

const newPage = (cursor, size) => ({
  cursor,
  size,
  items: null,
  next: null,
  generation: -1,
  isNear: false,
  node: null,
  gap: null,
  height: 0,
});

/** Pages of a former position: those around the visible one are loaded at once. */
const pagesAt = (position) =>
  (position?.pages ?? []).map(([cursor, size, height], index) => ({
    ...newPage(cursor, size),
    height,
    isNear: Math.abs(index - position.index) < 2,
  }));

/** All pages with their heights, the index of the first visible one, and its distance from the top. */
function positionIn(pages) {
  const boxes = pages.map(({ node }) => node?.getBoundingClientRect());
  const index = boxes.findIndex((box) => box?.bottom > 0);
  if (index < 0) return null;
  return {
    pages: pages.map(({ cursor, size }, each) => [cursor, size, boxes[each].height]),
    index,
    top: boxes[index].top,
  };
}

const countItems = (pages) => pages.reduce((sum, { items, size }) => sum + (items?.length ?? size), 0);
