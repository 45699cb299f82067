/**
 * The dashboard: counters on top, below them what the role works with. The
 * URL says what is filtered and which dialog is open: `?request=7`, `?new=1`.
 * Boards of other roles, and dialogs that nobody opens, are never loaded.
 */
import { Role } from "./config.js";
import { counters } from "./counters.js";
import { replace } from "./dom.js";
import { startLive } from "./live.js";
import { startPage } from "./shell.js";
import { followDialogs } from "./url_dialogs.js";

const officeBoard = async () => (await import("./board_office.js")).officeBoard;

const BOARDS = {
  [Role.CLIENT]: async () => (await import("./board_client.js")).clientBoard,
  [Role.MASTER]: async () => (await import("./board_master.js")).masterBoard,
  [Role.MANAGER]: officeBoard,
  [Role.ADMIN]: officeBoard,
};

const DIALOGS = {
  request: async () => (await import("./request_dialog.js")).openRequest,
  new: async () => (await import("./request_new.js")).openNewRequest,
};

async function start(user) {
  const [board] = await Promise.all([BOARDS[user.user_type](), startLive(user)]);
  const { head, content } = board(user);
  const main = document.getElementById("main");
  main.removeAttribute("aria-busy");
  replace(main, head, counters({ user }), content);
  followDialogs(DIALOGS, user);
}

const user = startPage();
if (user) start(user);
