/**
 * SVG charts of shares and counts. Each is accompanied by a table or a text with
 * the same figures.
 *
 *   ring(0.87, "87 % в срок")
 *   columnChart({ label, series: [{ name, variant }], columns: [{ tick, title, marks: [{ value, href }] }] })
 *
 * In a column chart every column is a link. The chart is one tab stop; arrow
 * keys move inside it: left and right in time, up and down between series.
 */
import { el, redraw, svg } from "../core/dom.js";
import { number } from "../core/format.js";

const HEIGHT = 236;
const MARGIN = { top: 10, right: 6, bottom: 30, left: 12 };
const DIGIT_WIDTH = 8;
const WIDEST_BAR = 26;
const TICK_WIDTH = 64;
const ROUND_FACTORS = [1, 2, 5, 10];
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A share of a whole. The circle's length is 100, so that a dash of 87 is 87 %. */
export function ring(share, label) {
  const circle = { cx: 21, cy: 21, r: 15.9155 };
  const mark =
    share > 0 &&
    svg("circle", {
      class: "ring__mark",
      ...circle,
      "stroke-dasharray": `${share * 100} 100`,
      transform: "rotate(-90 21 21)",
    });
  const text = svg("text", { class: "ring__text", x: 21, y: 21 }, `${Math.round(share * 100)}\u00a0%`);
  return svg(
    "svg",
    { class: "ring", viewBox: "0 0 42 42", role: "img", "aria-label": label },
    svg("circle", { class: "ring__track", ...circle }),
    mark,
    text,
  );
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
  const plot = layout(columns, width);
  const drawn = columns.map((column, index) => columnMarks(column, index, plot, series));
  const firstLink = drawn.flat().find((node) => node.matches("a"));
  firstLink?.setAttribute("tabindex", "0");
  return svg(
    "svg",
    { class: "plot__svg", viewBox: `0 0 ${width} ${HEIGHT}`, role: "group", "aria-label": label },
    svg(
      "g",
      { class: "plot__axis", "aria-hidden": "true" },
      plot.lines.map((value) => gridLine(value, plot)),
      ticks(columns, plot),
    ),
    drawn,
  );
}

/** Coordinates: `y` of a value, `x` of a column's middle, the values of grid lines. Labels of large numbers need room. */
function layout(columns, width) {
  const lines = gridValues(Math.max(1, ...columns.flatMap(({ marks }) => marks.map(({ value }) => value))));
  const top = lines.at(-1);
  const left = MARGIN.left + DIGIT_WIDTH * number(top).length;
  const right = width - MARGIN.right;
  const slot = (right - left) / columns.length;
  const y = (value) => MARGIN.top + (HEIGHT - MARGIN.top - MARGIN.bottom) * (1 - value / top);
  return { lines, left, right, slot, y, x: (index) => left + slot * (index + 0.5) };
}

/** Whole, round grid values up to the greatest value: at most five intervals. */
function gridValues(greatest) {
  const size = 10 ** Math.floor(Math.log10(greatest / 4));
  const interval = Math.max(
    1,
    ROUND_FACTORS.map((factor) => factor * size).find((candidate) => candidate * 4 >= greatest),
  );
  return Array.from({ length: Math.ceil(greatest / interval) + 1 }, (_, index) => index * interval);
}

function gridLine(value, { left, right, y }) {
  const label = { x: left - 8, y: y(value), "text-anchor": "end", "dominant-baseline": "central" };
  return [svg("line", { x1: left, x2: right, y1: label.y, y2: label.y }), svg("text", label, number(value))];
}

/** As many column names as fit; the newest column always has one. */
function ticks(columns, { slot, x }) {
  const every = Math.ceil(TICK_WIDTH / slot);
  const isNamed = (index) => (columns.length - 1 - index) % every === 0;
  return columns.map(
    ({ tick }, index) => isNamed(index) && svg("text", { x: x(index), y: HEIGHT - 8, "text-anchor": "middle" }, tick),
  );
}

/** The columns of one moment, side by side. */
function columnMarks({ title, marks }, index, plot, series) {
  const width = Math.min(WIDEST_BAR, (plot.slot * 0.7) / series.length);
  const left = plot.x(index) - (width * series.length) / 2;
  return marks.map(({ value, href }, at) => {
    const box = { x: left + width * at, width, "data-index": index, "data-series": at };
    const target = svg("rect", { class: "plot__target", ...box, y: MARGIN.top, height: plot.y(0) - MARGIN.top });
    return value ? columnLink({ value, href, title, series: series[at] }, box, plot, target) : target;
  });
}

/** Link of a column. Its target is as high as the chart, so that a small column is easy to hit. */
function columnLink({ value, href, title, series }, box, { y }, target) {
  const gap = box.width * 0.06;
  const mark = svg("rect", {
    ...box,
    class: "plot__mark",
    x: box.x + gap,
    width: box.width - 2 * gap,
    y: y(value),
    height: y(0) - y(value),
    rx: Math.min(3, box.width / 4),
  });
  const name = `${title}. ${series.name}: ${number(value)}`;
  const { "data-index": index, "data-series": at } = box;
  return svg(
    "a",
    {
      class: `plot__link plot__link--${series.variant}`,
      href,
      tabindex: "-1",
      "aria-label": name,
      "data-key": `mark-${index}-${at}`,
      "data-index": index,
      "data-series": at,
    },
    target,
    mark,
  );
}

/** Arrow keys, Home and End. The focused link is the tab stop of the chart. */
function moveFocus(event, stage) {
  const links = [...stage.querySelectorAll("a")];
  const next = neighbour(event.key, document.activeElement, links);
  if (!next) return;
  event.preventDefault();
  for (const link of links) link.setAttribute("tabindex", link === next ? "0" : "-1");
  next.focus();
}

function neighbour(key, from, links) {
  const [index, at] = positionOf(from);
  const same = links.filter((link) => positionOf(link)[1] === at);
  if (key === "Home") return same.at(0);
  if (key === "End") return same.at(-1);
  const [inTime, toSeries] = KEYS[key] ?? [0, 0];
  if (toSeries)
    return nearest(
      links.filter((link) => positionOf(link)[1] === at + toSeries),
      index,
    );
  return inTime && same[same.indexOf(from) + inTime];
}

const nearest = (links, index) =>
  links.toSorted((one, other) => Math.abs(positionOf(one)[0] - index) - Math.abs(positionOf(other)[0] - index))[0];

const positionOf = (node) => [Number(node.dataset.index), Number(node.dataset.series)];

/** Show the figures of the column under the pointer or the focus in a small card. */
function followPointer(stage, tip, columns, series) {
  const show = ({ target }) => {
    const index = target.dataset?.index;
    tip.hidden = index === undefined;
    if (tip.hidden) return;
    const { title, marks } = columns[index];
    redraw(
      tip,
      el("strong", {}, title),
      marks.map(({ value }, at) =>
        el(
          "span",
          { class: `legend__item legend__item--${series[at].variant}` },
          `${series[at].name}: ${number(value)}`,
        ),
      ),
    );
    tip.style.setProperty("--at", (Number(index) + 0.5) / columns.length);
  };
  const hide = () => (tip.hidden = true);
  stage.addEventListener("pointerover", show);
  stage.addEventListener("focusin", show);
  stage.addEventListener("pointerleave", hide);
  stage.addEventListener("focusout", hide);
}
