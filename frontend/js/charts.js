/**
 * Charts as plain SVG. They know shares, names and addresses, nothing of
 * repairs; each stands beside a table or text that says the same.
 *
 *   bar(0.4, "done")                                  // a horizontal bar, decoration of a number
 *   stack([{ share: 0.7, variant: "done", href, title: "Завершена: 42" }, …])   // the parts of a whole
 *   ring(0.87, "87 % в срок")
 *   columnChart({ label, series: [{ name, variant }], columns: [{ tick, title, marks: [{ value, href }] }] })
 *
 * In a column chart every column is a link. The whole chart is one step of
 * Tab; arrows move inside: left and right in time, up and down between series.
 */
import { el, redraw, svg } from "./dom.js";
import { number } from "./format.js";

const HEIGHT = 236;
const MARGIN = { top: 10, right: 6, bottom: 30, left: 34 };
const WIDEST_BAR = 26;
const TICK_WIDTH = 64;
const STEPS = [1, 2, 5];
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function bar(share, variant = "plain") {
  const mark = share > 0 && svg("rect", { class: "bar__mark", width: `${share * 100}%`, height: "100%", rx: 3 });
  return svg("svg", { class: `bar bar--${variant}`, "aria-hidden": "true" }, mark);
}

/** Its links repeat those of the table beside it, so they are for the pointer only. */
export function stack(parts) {
  let start = 0;
  const marks = parts.filter(({ share }) => share > 0).map(({ share, variant, href, title }) => {
    const mark = svg("rect", { class: "bar__mark", x: `${start * 100}%`, width: `${share * 100}%`, height: "100%" });
    start += share;
    return svg("a", { class: `bar--${variant}`, href, tabindex: "-1" }, svg("title", {}, title), mark);
  });
  return svg("svg", { class: "stack", "aria-hidden": "true" }, marks);
}

/** A share of a whole; the circle's length is 100, so that a dash of 87 is 87 %. */
export function ring(share, label) {
  const circle = { cx: 21, cy: 21, r: 15.9155 };
  const mark = share > 0 && svg("circle", { class: "ring__mark", ...circle, "stroke-dasharray": `${share * 100} 100`, transform: "rotate(-90 21 21)" });
  const text = svg("text", { class: "ring__text", x: 21, y: 21 }, `${Math.round(share * 100)}\u00a0%`);
  return svg("svg", { class: "ring", viewBox: "0 0 42 42", role: "img", "aria-label": label }, svg("circle", { class: "ring__track", ...circle }), mark, text);
}

export function columnChart({ label, series, columns }) {
  const tip = el("div", { class: "plot__tip", "aria-hidden": "true", hidden: true });
  const stage = el("div", { class: "plot__stage" });
  const draw = (width) => redraw(stage, drawing(columns, series, width, label));
  const observer = new ResizeObserver(([{ contentRect }]) => contentRect.width && draw(contentRect.width));
  observer.observe(stage);
  stage.addEventListener("keydown", (event) => moveFocus(event, stage));
  followPointer(stage, tip, columns, series);
  return el("figure", { class: "plot" }, legend(series), el("div", { class: "plot__frame" }, stage, tip));
}

const legend = (series) => el("ul", { class: "legend" }, series.map(legendItem));

const legendItem = ({ name, variant }) => el("li", { class: `legend__item legend__item--${variant}` }, name);

function drawing(columns, series, width, label) {
  const { scale, lines } = axis(Math.max(1, ...columns.flatMap(({ marks }) => marks.map(({ value }) => value))));
  const slot = (width - MARGIN.left - MARGIN.right) / columns.length;
  const drawn = columns.map((column, index) => columnMarks(column, { index, slot, scale, series }));
  const firstLink = drawn.flat().find((node) => node.matches("a"));
  firstLink?.setAttribute("tabindex", "0");
  return svg(
    "svg",
    { class: "plot__svg", viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": label },
    svg("g", { class: "plot__axis", "aria-hidden": "true" }, lines.map((value) => gridLine(value, scale, width)), ticks(columns, slot)),
    drawn,
  );
}

/** Round steps up to the greatest value: at most five lines, whole numbers only. */
function axis(greatest) {
  const size = 10 ** Math.floor(Math.log10(greatest / 4));
  const step = Math.max(1, [...STEPS, 10].map((factor) => factor * size).find((candidate) => candidate * 4 >= greatest));
  const top = Math.ceil(greatest / step) * step;
  const plot = HEIGHT - MARGIN.top - MARGIN.bottom;
  const lines = Array.from({ length: top / step + 1 }, (_, index) => index * step);
  return { lines, scale: (value) => MARGIN.top + plot * (1 - value / top) };
}

function gridLine(value, scale, width) {
  const y = scale(value);
  return [svg("line", { x1: MARGIN.left, x2: width - MARGIN.right, y1: y, y2: y }), svg("text", { x: MARGIN.left - 8, y, "text-anchor": "end", "dominant-baseline": "central" }, number(value))];
}

/** As many names as fit; the newest always has one. */
function ticks(columns, slot) {
  const every = Math.ceil(TICK_WIDTH / slot);
  const middle = (index) => MARGIN.left + slot * (index + 0.5);
  return columns.map(({ tick }, index) => (columns.length - 1 - index) % every === 0 && svg("text", { x: middle(index), y: HEIGHT - 8, "text-anchor": "middle" }, tick));
}

/** The columns of one moment side by side; each link is as high as the chart, so that a small one is easy to hit. */
function columnMarks({ title, marks }, { index, slot, scale, series }) {
  const size = Math.min(WIDEST_BAR, (slot * 0.7) / series.length);
  const left = MARGIN.left + slot * (index + 0.5) - (size * series.length) / 2;
  return marks.map(({ value, href }, at) => {
    const box = { x: left + size * at, width: size };
    const place = { "data-index": index, "data-series": at };
    const target = svg("rect", { class: "plot__target", ...box, y: MARGIN.top, height: scale(0) - MARGIN.top, ...place });
    if (!value) return target;
    const mark = svg("rect", { class: "plot__mark", x: box.x + size * 0.06, width: size * 0.88, y: scale(value), height: scale(0) - scale(value), rx: Math.min(3, size / 4), ...place });
    const said = `${title}. ${series[at].name}: ${number(value)}`;
    return svg("a", { class: `plot__link plot__link--${series[at].variant}`, href, tabindex: "-1", "aria-label": said, "data-key": `mark-${index}-${at}`, ...place }, target, mark);
  });
}

/** Home and End too; the link that has the focus is the one that Tab comes back to. */
function moveFocus(event, stage) {
  const links = [...stage.querySelectorAll("a")];
  const next = neighbour(event.key, document.activeElement, links);
  if (!next) return;
  event.preventDefault();
  for (const link of links) link.setAttribute("tabindex", link === next ? "0" : "-1");
  next.focus();
}

function neighbour(key, from, links) {
  const [index, at] = placeOf(from);
  const same = links.filter((link) => placeOf(link)[1] === at);
  if (key === "Home") return same.at(0);
  if (key === "End") return same.at(-1);
  const [step, turn] = KEYS[key] ?? [0, 0];
  if (turn) return nearest(links.filter((link) => placeOf(link)[1] === at + turn), index);
  return step && same[same.indexOf(from) + step];
}

const nearest = (links, index) => links.toSorted((one, other) => Math.abs(placeOf(one)[0] - index) - Math.abs(placeOf(other)[0] - index))[0];

const placeOf = (node) => [Number(node.dataset.index), Number(node.dataset.series)];

/** The figures of the column under the pointer or the focus, in a small card beside it. */
function followPointer(stage, tip, columns, series) {
  const show = ({ target }) => {
    const index = target.dataset?.index;
    tip.hidden = index === undefined;
    if (tip.hidden) return;
    const { title, marks } = columns[index];
    redraw(tip, el("strong", {}, title), marks.map(({ value }, at) => el("span", { class: `legend__item legend__item--${series[at].variant}` }, `${series[at].name}: ${number(value)}`)));
    tip.style.setProperty("--at", (Number(index) + 0.5) / columns.length);
  };
  const hide = () => (tip.hidden = true);
  stage.addEventListener("pointerover", show);
  stage.addEventListener("focusin", show);
  stage.addEventListener("pointerleave", hide);
  stage.addEventListener("focusout", hide);
}
