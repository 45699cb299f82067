/**
 * Dialogs opened by the URL, one at a time: `?request=7` opens one, "back" closes
 * it, and closing it removes the parameter.
 *
 *   followDialogs({ request: async () => openRequest, new: async () => … }, user);
 *
 * Each function promises the opener of its dialog, so dialogs can be loaded on
 * demand. The opener gets `{user, value, onClose}` and returns the dialog. The
 * parameter `step` belongs to the open dialog.
 */
import { listen } from "../core/dom.js";
import { loadLate } from "./load_late.js";
import { goBack, params } from "../core/url.js";

const STEP = "step";

export function followDialogs(dialogs, user) {
  const names = Object.keys(dialogs);
  const nothing = Object.fromEntries([...names, STEP].map((name) => [name, null]));
  let open = null;

  function syncWithUrl() {
    const name = names.find((key) => params().has(key));
    const wanted = name && `${name}=${params().get(name)}`;
    if (wanted === open?.wanted) return;
    open?.dialog?.close();
    open = wanted ? { wanted } : null;
    if (wanted) show(open, dialogs[name], params().get(name));
  }

  async function show(own, load, value) {
    const openDialog = await loadLate(load);
    if (open !== own) return;
    if (openDialog) own.dialog = openDialog({ user, value, onClose: () => closed(own.wanted) });
    else closed(own.wanted);
  }

  /** After the user closed the dialog, remove its parameter; if the URL closed it, do nothing. */
  function closed(wanted) {
    if (open?.wanted !== wanted) return;
    open = null;
    if (names.some((key) => `${key}=${params().get(key)}` === wanted)) goBack(nothing);
  }

  listen("url-changed", syncWithUrl);
  syncWithUrl();
}
