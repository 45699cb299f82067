/**
 * The dialog that the URL names, one at a time: `?request=7` opens it, "back"
 * closes it, and closing it takes its name out of the URL.
 *
 *   followDialogs({ request: async () => openRequest, new: async () => … }, user);
 *
 * Each promises the function to call with `{user, value, onClose}`, which
 * returns the dialog: a dialog may be loaded when it is wanted. `?step=2` is the
 * dialog's own.
 */
import { listen } from "../core/dom.js";
import { late } from "./load_late.js";
import { goBack, params } from "../core/url.js";

const STEP = "step";

export function followDialogs(dialogs, user) {
  const names = Object.keys(dialogs);
  const nothing = Object.fromEntries([...names, STEP].map((name) => [name, null]));
  let open = null;

  function follow() {
    const name = names.find((key) => params().has(key));
    const wanted = name && `${name}=${params().get(name)}`;
    if (wanted === open?.wanted) return;
    open?.dialog?.close();
    open = wanted ? { wanted } : null;
    if (wanted) show(open, dialogs[name], params().get(name));
  }

  async function show(mine, load, value) {
    const openDialog = await late(load);
    if (open !== mine) return;
    if (openDialog) mine.dialog = openDialog({ user, value, onClose: () => closed(mine.wanted) });
    else closed(mine.wanted);
  }

  /** Closed by the person, the URL follows; closed by the URL, nothing is left to do. */
  function closed(wanted) {
    if (open?.wanted !== wanted) return;
    open = null;
    if (names.some((key) => `${key}=${params().get(key)}` === wanted)) goBack(nothing);
  }

  listen("url-changed", follow);
  follow();
}
