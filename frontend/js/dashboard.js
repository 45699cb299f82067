/**
 * The dashboard: counters on top, below them what the role works with. The
 * URL says what is filtered and which dialog is open: `?request=7`, `?new=1`.
 */
import { clientBoard } from "./board_client.js";
import { masterBoard } from "./board_master.js";
import { officeBoard } from "./board_office.js";
import { Role } from "./config.js";
import { counters } from "./counters.js";
import { listen, replace } from "./dom.js";
import { openNewRequest } from "./request_new.js";
import { openRequest } from "./request_dialog.js";
import { startPage } from "./shell.js";
import { goBack, params } from "./url.js";

const BOARDS = {
  [Role.CLIENT]: clientBoard,
  [Role.MASTER]: masterBoard,
  [Role.MANAGER]: officeBoard,
  [Role.ADMIN]: officeBoard,
};

const DIALOGS = { request: openRequest, new: openNewRequest };

let open = null;

function start(user) {
  const { head, content } = BOARDS[user.user_type](user);
  const main = document.getElementById("main");
  main.removeAttribute("aria-busy");
  replace(main, head, counters({ user }), content);
  listen("url-changed", () => followUrl(user));
  followUrl(user);
}

/** One dialog at a time, the one that the URL names. */
function followUrl(user) {
  const name = Object.keys(DIALOGS).find((key) => params().has(key));
  const wanted = name && `${name}=${params().get(name)}`;
  if (wanted === open?.wanted) return;
  open?.dialog.close();
  open = wanted ? { wanted, dialog: DIALOGS[name]({ user, value: params().get(name), onClose: () => closed(wanted) }) } : null;
}

/** Closed by the person, the URL follows; closed by the URL, nothing is left to do. */
function closed(wanted) {
  if (open?.wanted !== wanted) return;
  open = null;
  if (Object.keys(DIALOGS).some((key) => `${key}=${params().get(key)}` === wanted)) goBack({ request: null, new: null });
}

const user = startPage();
if (user) start(user);
