/**
 * The history of one account, the newest first: a part of its dialog that is
 * read when it is opened. The whole of it stands in the journal.
 */
import { loadAudit } from "../journal/api.js";
import { Page } from "../config.js";
import { el, icon, listen } from "../core/dom.js";
import { journalEntry } from "../journal/entry.js";
import { createScreen, skeletonRows } from "../ui/screen.js";

const SHOWN = 10;

export function userHistory(user_id) {
  const place = el("div", { class: "section" });
  const screen = createScreen(place, {
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
    place.isConnected ? saved.user_id === user_id && screen.update() : stop(),
  );
  return place;
}

const journalLink = (user_id, text) =>
  el("a", { class: "with-icon", href: `${Page.SETTINGS}?view=journal&user=${user_id}` }, icon("link"), text);
