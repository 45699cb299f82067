/**
 * Runs before everything else of the dashboard: asks for the modules of the
 * board that this person will see, and of the request that the URL names,
 * while the rest is still on its way. The page lists them (assets.py): the
 * server does not know yet who is asking, the browser does.
 */
const BOARDS = { Клиент: "board_client.js", Мастер: "board_master.js", Менеджер: "board_office.js", Администратор: "board_office.js" };
const DIALOGS = { request: "request_dialog.js", new: "request_new.js" };

function board() {
  try {
    return BOARDS[JSON.parse(localStorage.getItem("technic.session")).user.user_type];
  } catch {
    return null;
  }
}

const given = new URLSearchParams(location.search);
const dialogs = Object.keys(DIALOGS).filter((name) => given.has(name)).map((name) => DIALOGS[name]);

for (const name of [board(), ...dialogs]) {
  for (const { href } of document.querySelectorAll(`link[rel="late"][title="${name}"]`)) {
    const link = document.createElement("link");
    link.rel = "modulepreload";
    link.href = href;
    document.head.append(link);
  }
}
