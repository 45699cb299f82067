/**
 * Page state in the URL: reload, "back" and a shared link keep it.
 *
 *   params().get("q")
 *   go({ q: "насос", cursor: null })         // new history entry
 *   go({ q: "насос" }, { replace: true })    // same history entry
 *   go({ step: 2 }, { inside: true })        // entry inside the dialog that the last one opened
 *   listen("url-changed", () => …)           // after `go`, back and forward
 *   pageLink({ request: 7 }, "№ 7")          // <a> that navigates without a reload
 */
import { Page } from "../config.js";
import { el, emit, listen } from "./dom.js";

export const params = () => new URLSearchParams(location.search);

/** URL of this page with some parameters changed; null removes one, a list repeats it. */
export const href = (changes) => address(location.pathname, params(), changes);

/**
 * URL of the dashboard with the requests behind a figure. `apiLink` is the
 * `/api/requests/` URL that the server sends with the figure.
 */
export const dashboardLink = (apiLink, changes = {}) =>
  address(Page.DASHBOARD, new URL(apiLink, location.origin).searchParams, changes);

export function go(changes, { replace = false, inside = false } = {}) {
  const target = href(changes);
  if (target === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, "", target);
  else history.pushState(inside ? { ours: history.state?.ours, depth: depth() + 1 } : { ours: true }, "", target);
  emit("url-changed");
}

/** Leave the entry that `go` made and those inside it. If a link led straight here, change the URL instead. */
export function goBack(changes) {
  if (history.state?.ours) history.go(-1 - depth());
  else go(changes, { replace: true });
}

const depth = () => history.state?.depth ?? 0;

/** Call `action` when the result of `read()` changes: a filter reloads a list, an opened dialog does not. */
export function onChangeOf(read, action) {
  let known = JSON.stringify(read());
  listen("url-changed", () => {
    const wanted = JSON.stringify(read());
    if (wanted === known) return;
    known = wanted;
    action();
  });
}

export function pageLink(changes, attributes, ...children) {
  const onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(changes);
  };
  return el("a", { href: href(changes), onclick, ...attributes }, ...children);
}

/** The `?next=` target if it is one of our pages, else the dashboard. */
export function safeNext(text) {
  const target = URL.canParse(text ?? "", location.origin) ? new URL(text, location.origin) : null;
  const isOwn =
    target?.origin === location.origin &&
    Object.values(Page).includes(target.pathname) &&
    target.pathname !== Page.SIGN_IN;
  return isOwn ? target.pathname + target.search : Page.DASHBOARD;
}

function address(path, query, changes) {
  for (const [name, value] of Object.entries(changes)) {
    query.delete(name);
    for (const one of [value].flat()) if (one !== null && one !== undefined && one !== "") query.append(name, one);
  }
  const text = query.toString();
  return path + (text && `?${text}`);
}

window.addEventListener("popstate", () => emit("url-changed"));
