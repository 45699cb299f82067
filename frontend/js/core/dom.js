/**
 * DOM builder and event bus: the only module that creates elements.
 *
 *   el("button", { class: "button", type: "button", onclick: save }, icon("done"), "Сохранить")
 *
 * Attributes: a function under `on…` becomes a listener, `true` an empty
 * attribute; `false`, `null` and `undefined` are skipped. Children: nodes,
 * texts, numbers, nested lists; empty ones are skipped. Strings become text
 * nodes, so input never becomes markup. `svg()` does the same for SVG.
 *
 *   emit("person-saved", { user_id }) … listen("person-saved", (detail) => …)
 */

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";
/** URL of another file of the front end. Rooms and bundles lie at the same depth, so one relative path serves both. */
export const fileUrl = (path) => new URL(`../../${path}`, import.meta.url);
const ICONS = fileUrl("icons.svg").pathname;

export function el(tag, attributes = {}, ...children) {
  const { value, ...rest } = attributes;
  const node = fill(document.createElement(tag), rest, children);
  if (value !== undefined && value !== null) setValue(node, value);
  return node;
}

export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG_NAMESPACE, tag), attributes, children);
}

/** An icon of icons.svg; without a label it is hidden from screen readers. */
export function icon(name, label) {
  const naming = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return svg("svg", { class: "icon", ...naming }, svg("use", { href: `${ICONS}#${name}` }));
}

/** Set the children of a node. Equal children are left alone, so focus and typed text survive. */
export function replace(node, ...children) {
  const next = present(children);
  const same = next.length === node.childNodes.length && next.every((child, index) => child === node.childNodes[index]);
  if (!same) node.replaceChildren(...next);
  return node;
}

/**
 * `replace` that restores the focus: to the element with the same `data-key`,
 * else to the node itself.
 */
export const redraw = (node, ...children) => keepingFocus(node, () => replace(node, ...children));

/** `redraw` for a list of nodes: nodes that stay are not removed, so the page does not jump. */
export const arrange = (node, children) => keepingFocus(node, () => setChildren(node, children));

function keepingFocus(node, change) {
  const focused = node.contains(document.activeElement) ? document.activeElement : null;
  change();
  if (focused && !focused.isConnected)
    (findByKey(focused.dataset.key ?? "", node) ?? focusable(node)).focus({ preventScroll: true });
  return node;
}

function setChildren(node, children) {
  const wanted = new Set(children);
  for (const child of [...node.childNodes]) if (!wanted.has(child)) child.remove();
  children.forEach(
    (child, index) => child !== node.childNodes[index] && node.insertBefore(child, node.childNodes[index] ?? null),
  );
}

export const findByKey = (key, root = document) => root.querySelector(`[data-key="${CSS.escape(key)}"]`);

let lastId = 0;
export const uniqueId = (prefix) => `${prefix}-${++lastId}`;

export function emit(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Call `handler(detail)` on each event; returns a function that removes the listener. */
export function listen(name, handler) {
  const listener = (event) => handler(event.detail);
  document.addEventListener(name, listener);
  return () => document.removeEventListener(name, listener);
}

/** A function that calls `action` once no call has come for `pause` ms. */
export function debounce(action, pause) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), pause);
  };
}

function focusable(node) {
  node.tabIndex = -1;
  return node;
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...present(children));
  return node;
}

function setAttribute(node, name, value) {
  if (typeof value === "function") node.addEventListener(name.slice(2), value);
  else if (value === true) node.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
}

/** Set the value as an attribute too, so that `form.reset()` returns to it. */
function setValue(node, value) {
  if (node instanceof HTMLInputElement || node instanceof HTMLOptionElement || node instanceof HTMLButtonElement) {
    node.setAttribute("value", value);
  } else if (node instanceof HTMLTextAreaElement) {
    node.defaultValue = value;
  } else if (node instanceof HTMLSelectElement) {
    for (const option of node.options) option.defaultSelected = option.value === String(value);
  } else {
    for (const option of node.options ?? []) option.defaultSelected = option.value === String(value);
  }
}

function present(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== "");
}
