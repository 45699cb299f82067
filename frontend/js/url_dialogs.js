/**
 * The dialog that the URL names, one at a time: `?request=7` opens it, "back"
 * closes it, and closing it takes its name out of the URL.
 *
 *   followDialogs({ request: openRequest, new: openNewRequest }, user);
 *
 * Each is called with `{user, value, onClose}` and returns its dialog.
 */
import { listen } from "./dom.js";
import { goBack, params } from "./url.js";

export function followDialogs(dialogs, user) {
  const names = Object.keys(dialogs);
  const nothing = Object.fromEntries(names.map((name) => [name, null]));
  let open = null;

  function follow() {
    const name = names.find((key) => params().has(key));
    const wanted = name && `${name}=${params().get(name)}`;
    if (wanted === open?.wanted) return;
    open?.dialog.close();
    open = wanted ? { wanted, dialog: dialogs[name]({ user, value: params().get(name), onClose: () => closed(wanted) }) } : null;
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
