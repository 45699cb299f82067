/**
 * Dashboard: counters and the board of the user's role. Filters and the open
 * dialog are in the URL: `?request=7`, `?new=1`. Boards of other roles and
 * unopened dialogs are not loaded.
 */
import { ApiError, NO_ANSWER, probe } from "../core/api.js";
import { Role } from "../config.js";
import { counters } from "../boards/counters.js";
import { listen, replace } from "../core/dom.js";
import { loadStatuses } from "../core/statuses.js";
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
  const [board] = await Promise.all([BOARDS[user.user_type]().catch(fail), startLive(user), loadStatuses()]);
  if (!board) return;
  const { head, content, countersLast } = board(user);
  await yieldToBrowser();
  const numbers = counters({ user });
  draw(head, countersLast ? [content, numbers] : [numbers, content]);
  followDialogs(DIALOGS, user);
}

/** The board could not be loaded: reload the page when the connection is restored. */
function fail() {
  const retry = async () => (await probe()) && location.reload();
  draw(errorState(new ApiError(0, NO_ANSWER), retry));
  listen("connection-restored", () => location.reload());
  probe();
}

function draw(...content) {
  const main = document.getElementById("main");
  main.removeAttribute("aria-busy");
  replace(main, ...content);
}

async function run() {
  await yieldToBrowser();
  const user = startPage();
  await yieldToBrowser();
  if (user) await start(user);
}

run();
