/**
 * The dashboard: counters on top, below them what the role works with. The
 * URL says what is filtered and which dialog is open: `?request=7`, `?new=1`.
 * Boards of other roles, and dialogs that nobody opens, are never loaded.
 */
import { ApiError, NO_ANSWER, probe } from "../core/api.js";
import { Role } from "../config.js";
import { counters } from "../boards/counters.js";
import { listen, replace } from "../core/dom.js";
import { startLive } from "../live/feed.js";
import { startPage } from "./shell.js";
import { errorState } from "../ui/screen.js";
import { yieldToBrowser } from "../core/chunks.js";
import { followDialogs } from "../ui/url_dialogs.js";

const officeBoard = async () => (await import("../boards/office.js")).officeBoard;

const BOARDS = {
  [Role.CLIENT]: async () => (await import("../boards/client.js")).clientBoard,
  [Role.MASTER]: async () => (await import("../boards/master.js")).masterBoard,
  [Role.MANAGER]: officeBoard,
  [Role.ADMIN]: officeBoard,
};

const DIALOGS = {
  request: async () => (await import("../requests/dialog.js")).openRequest,
  new: async () => (await import("../requests/new_dialog.js")).openNewRequest,
};

async function start(user) {
  const [board] = await Promise.all([BOARDS[user.user_type]().catch(fail), startLive(user)]);
  if (!board) return;
  const { head, content, countersLast } = board(user);
  await yieldToBrowser();
  const numbers = counters({ user });
  draw(head, countersLast ? [content, numbers] : [numbers, content]);
  followDialogs(DIALOGS, user);
}

/** Nothing of the page is there yet, so nothing is lost by loading all of it again. */
function fail() {
  const again = async () => (await probe()) && location.reload();
  draw(errorState(new ApiError(0, NO_ANSWER), again));
  listen("connection-restored", () => location.reload());
  probe();
}

function draw(...content) {
  const main = document.getElementById("main");
  main.removeAttribute("aria-busy");
  replace(main, ...content);
}

async function open() {
  await yieldToBrowser();
  const user = startPage();
  await yieldToBrowser();
  if (user) await start(user);
}

open();
