/**
 * The dashboard: counters on top, below them what the role works with. The
 * URL says what is filtered and which dialog is open: `?request=7`, `?new=1`.
 */
import { clientBoard } from "./board_client.js";
import { masterBoard } from "./board_master.js";
import { officeBoard } from "./board_office.js";
import { Role } from "./config.js";
import { counters } from "./counters.js";
import { replace } from "./dom.js";
import { openNewRequest } from "./request_new.js";
import { openRequest } from "./request_dialog.js";
import { startPage } from "./shell.js";
import { followDialogs } from "./url_dialogs.js";

const BOARDS = {
  [Role.CLIENT]: clientBoard,
  [Role.MASTER]: masterBoard,
  [Role.MANAGER]: officeBoard,
  [Role.ADMIN]: officeBoard,
};

const DIALOGS = { request: openRequest, new: openNewRequest };

function start(user) {
  const { head, content } = BOARDS[user.user_type](user);
  const main = document.getElementById("main");
  main.removeAttribute("aria-busy");
  replace(main, head, counters({ user }), content);
  followDialogs(DIALOGS, user);
}

const user = startPage();
if (user) start(user);
