/**
 * A list of many thousands that scrolls smoothly. Its pages are read when their
 * place comes near the screen and leave the DOM, but not their place, when it is
 * far; a change reads only those pages anew that somebody sees.
 *
 *   const list = longList({
 *     loadPage: ({ cursor, limit, signal }) => …,     // {items, next_cursor, total?}
 *     frame: () => ({ node, place, page, space, row, count }),
 *     idOf: ({ requestid }) => requestid,
 *     empty: () => emptyState({ … }),
 *     words: ["заявка", "заявки", "заявок"],
 *     onDrawn: () => …,                               // optional: other rows may be there now
 *   });
 *   list.reload(place);     // from the first page, or where list.place() was taken
 *   list.update([7]);       // read again; what differs in row 7 is marked
 *   list.redraw();          // a new frame for the same rows
 *   list.shows(7)  list.items()  list.place()
 *
 * Of a frame, `place` holds the pages, `page()` makes the element of one,
 * `space(px)` what keeps the place of one that is far, `row(item)` a row, and
 * `count(node, position, total)` says which of how many that is.
 */
import { PAGE_SIZE } from "../config.js";
import { arrange, el, redraw } from "../core/dom.js";
import { number, plural } from "../core/format.js";
import { keep, markFresh } from "./keyed_rows.js";
import { screen, skeletonRows } from "./screen.js";
import { toastError } from "./toast.js";

const STEP = 25;
const DRAWN_WITHIN = "1500px 0px";
const READ_WITHIN = "600px 0px";

export function longList({ loadPage, frame, idOf, empty, words, onDrawn = () => {} }) {
  const node = el("div", { class: "section" });
  const fresh = new Set();
  const nearness = new IntersectionObserver(follow, { rootMargin: DRAWN_WITHIN });
  const end = new IntersectionObserver((entries) => entries.at(-1).isIntersecting && grow(), {
    rootMargin: READ_WITHIN,
  });
  const text = el("p", { role: "status" });
  const more = el(
    "button",
    { class: "button", type: "button", onclick: () => grow(toastError), "data-key": "more" },
    "Показать ещё",
  );
  const foot = el("div", { class: "more" });
  let [pages, known, drawn, found, wanted] = [[], new Map(), null, {}, null];
  let isGrowing = false;
  let news = 0;

  const isOld = (page) => page.read < news;

  async function load(signal) {
    if (!pages.length) pages = [newPage(null, PAGE_SIZE)];
    for (let index = 0; index < pages.length; index += 1) {
      if (isOld(pages[index]) && (index === 0 || pages[index].isNear)) await readPage(index, signal);
    }
    return pages;
  }

  async function readPage(index, signal) {
    const [page, read] = [pages[index], news];
    const { items, next_cursor, ...rest } = await loadPage({ cursor: page.cursor, limit: page.size, signal });
    Object.assign(page, { items, next: next_cursor, read });
    if (index === 0) found = rest;
    if (pages[index + 1]) chain(index + 1, next_cursor);
  }

  /** Where a page ends now, the next one begins; that is read again where it differs, when somebody sees it. */
  function chain(index, cursor) {
    if (!cursor) for (const page of pages.splice(index)) page.node?.remove();
    else if (pages[index].cursor !== cursor) Object.assign(pages[index], { cursor, read: -1 });
  }

  async function grow(tell = () => {}) {
    const last = pages.at(-1);
    const cursor = last?.next;
    if (isGrowing || !cursor || !node.isConnected) return;
    isGrowing = true;
    try {
      await append(last, cursor);
    } catch (error) {
      if (error.name !== "ApiError") throw error;
      tell(error.message);
    } finally {
      isGrowing = false;
    }
  }

  async function append(last, cursor) {
    const read = news;
    const { items, next_cursor } = await loadPage({ cursor, limit: STEP });
    if (pages.at(-1) !== last || last.next !== cursor) return;
    pages.push({ ...newPage(cursor, STEP), isNear: true, items, next: next_cursor, read });
    view.show(render());
  }

  /** What comes and goes here is as high as the gap that it leaves: nothing else moves. */
  function follow(entries) {
    const changed = entries.map(turn).filter(Boolean);
    if (changed.length) drawPages();
    if (changed.some((page) => page.isNear && isOld(page))) view.update();
  }

  function turn({ target, isIntersecting, boundingClientRect: { height } }) {
    const page = pages.find((one) => one.node === target);
    if (!page || page.isNear === isIntersecting || !height) return null;
    if (!isIntersecting && target.contains(document.activeElement)) return null;
    if (!isIntersecting) page.height = height;
    page.isNear = isIntersecting;
    return page;
  }

  function render() {
    drawn ??= frame();
    draw();
    fresh.clear();
    redraw(text, extent(shownIn(pages), pages.at(-1).next, found, words));
    redraw(foot, text, pages.at(-1).next && more);
    end.unobserve(foot);
    end.observe(foot);
    onDrawn();
    return [drawn.node, foot];
  }

  /** What is in sight stays where it is, whatever comes and goes above it. */
  function draw() {
    const anchor =
      window.scrollY > 0 && [...known.values()].find(({ node: row }) => row.getBoundingClientRect().bottom > 0)?.node;
    const before = anchor && anchor.getBoundingClientRect().top;
    drawPages();
    const moved = anchor?.isConnected ? anchor.getBoundingClientRect().top - before : 0;
    if (Math.abs(moved) >= 1) window.scrollBy({ top: moved, behavior: "instant" });
  }

  /** A row may wander from page to page; the focus goes along. */
  function drawPages() {
    const focused = drawn.place.contains(document.activeElement) && document.activeElement;
    const present = new Map();
    let position = 0;
    for (const page of pages) {
      if (!page.node) drawn.place.append(attach(page));
      const rows = page.isNear || position === 0 ? (page.items ?? []) : [];
      rows.forEach((item, index) =>
        present.set(idOf(item), counted(keep(known.get(idOf(item)), item, drawn.row), position + index)),
      );
      if (rows.length)
        fill(
          page,
          rows.map((item) => present.get(idOf(item)).node),
        );
      else if (!page.gap) fill(page, [(page.gap = drawn.space(page.height))]);
      position += page.items?.length ?? page.size;
    }
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    markFresh(fresh, known, present);
    known = present;
  }

  function fill(page, nodes) {
    if (page.gap !== nodes[0]) page.gap = null;
    arrange(page.node, nodes);
  }

  function attach(page) {
    page.node = drawn.page();
    nearness.observe(page.node);
    return page.node;
  }

  function counted(row, position) {
    drawn.count?.(row.node, position + 1, found);
    return row;
  }

  const view = screen(node, {
    load,
    render: begin,
    empty,
    isEmpty: () => !pages[0].items.length,
    skeleton: () => skeletonRows(4),
  });

  function begin() {
    const nodes = render();
    if (wanted) requestAnimationFrame(() => goTo(wanted.index, wanted.top));
    return nodes;
  }

  function goTo(index, top) {
    wanted = null;
    window.scrollBy(0, (pages[index]?.node.getBoundingClientRect().top ?? top) - top);
  }

  function forget() {
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
      news += 1;
      if (node.isConnected) view.update();
    },
    redraw: () => {
      forget();
      if (pages[0]?.items?.length) view.show(render());
    },
    reload: (place = null) => {
      forget();
      news += 1;
      wanted = place;
      pages = (place?.pages ?? []).map(([cursor, size, height], index) => ({
        ...newPage(cursor, size),
        height,
        isNear: Math.abs(index - place.index) < 2,
      }));
      return view.reload();
    },
    place: () => placeOf(pages),
  };
}

const newPage = (cursor, size) => ({
  cursor,
  size,
  items: null,
  next: null,
  read: -1,
  isNear: false,
  node: null,
  gap: null,
  height: 0,
});

/** Where the person is: all pages with their heights, the first one in sight, and how far from the top it begins. */
function placeOf(pages) {
  const boxes = pages.map(({ node }) => node?.getBoundingClientRect());
  const index = boxes.findIndex((box) => box?.bottom > 0);
  if (index < 0) return null;
  return {
    pages: pages.map(({ cursor, size }, each) => [cursor, size, boxes[each].height]),
    index,
    top: boxes[index].top,
  };
}

const shownIn = (pages) => pages.reduce((sum, { items, size }) => sum + (items?.length ?? size), 0);

function extent(shown, isMore, { total, total_is_capped }, words) {
  const all = total_is_capped ? `больше ${number(total)}` : plural(total, ...words);
  return isMore ? `Показано ${number(shown)}, всего ${all}` : all;
}
