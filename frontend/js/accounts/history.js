/**
 * Latest journal entries of one account, the newest first, with a link to the
 * journal. Part of the account's dialog, loaded when it is opened.
 */
import { loadAudit } from "../journal/api.js";
import { Page } from "../config.js";
import { el, icon, listen } from "../core/dom.js";
import { journalEntry } from "../journal/entry.js";
import { createScreen, skeletonRows } from "../ui/screen.js";

const SHOWN = 10;

export function userHistory(user_id) {
  const container = el("div", { class: "section" });
  const screen = createScreen(container, {
    load: (signal) => loadAudit({ user_id, limit: SHOWN }, { signal }),
    render: ({ items, next_cursor }) => [
      el(
        "ol",
        { class: "timeline" },
        items.map((entry) => journalEntry(entry)),
      ),
      journalLink(user_id, next_cursor ? "Вся история в журнале" : "Открыть в журнале"),
    ],
    isEmpty: ({ items }) => items.length === 0,
    empty: () => el("p", { class: "muted" }, "Учётную запись ещё не меняли."),
    skeleton: () => skeletonRows(2),
  });
  screen.reload();
  const stop = listen("person-saved", (saved) =>
    container.isConnected ? saved.user_id === user_id && screen.update() : stop(),
  );
  return container;
}

const journalLink = (user_id, text) =>
  el("a", { class: "with-icon", href: `${Page.SETTINGS}?view=journal&user=${user_id}` }, icon("link"), text);
