/**
 * Preload the board of the signed-in role, and the dialog of the URL, while the
 * page's own bundle loads. The server cannot name them in the page: it does not
 * know the role yet. Imports nothing, so that it runs at once.
 */
const query = new URLSearchParams(location.search);

const OFFICE = ["boards/office.js", query.get("view") === "board" ? "kanban/board.js" : "boards/office_list.js"];
const BOARDS = { Клиент: ["boards/client.js"], Мастер: ["boards/master.js"], Менеджер: OFFICE, Администратор: OFFICE };
const DIALOGS = { request: "requests/dialog.js", new: "requests/new_dialog.js" };

/** URL of a module's bundle (assets/bundle.py), or of the module itself if there are no bundles. */
const isBundled = import.meta.url.includes("/bundles/");
const urlOf = (name) =>
  new URL(isBundled ? `dashboard.${name.replaceAll("/", ".")}` : `../${name}`, import.meta.url).href;

function board() {
  try {
    return BOARDS[JSON.parse(localStorage.getItem("technic.session")).user.user_type];
  } catch {
    return null;
  }
}

const dialogs = Object.keys(DIALOGS)
  .filter((name) => query.has(name))
  .map((name) => DIALOGS[name]);

for (const name of [...(board() ?? []), ...dialogs]) {
  const link = document.createElement("link");
  link.rel = "modulepreload";
  link.href = urlOf(name);
  document.head.append(link);
}
