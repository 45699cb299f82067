/** Screen reader announcements of other users' changes: one sentence per 10 s, however many events. */
import { onChanges } from "./changes.js";
import { el } from "../core/dom.js";
import { number } from "../core/format.js";

const PAUSE_MS = 10_000;

export function startAnnouncer() {
  const node = el("p", { class: "visually-hidden", role: "status" });
  const waiting = [];
  let timer = null;

  const announce = () => {
    timer = waiting.length ? setTimeout(announce, PAUSE_MS) : null;
    if (timer) node.textContent = sentence(waiting.splice(0));
  };

  document.body.append(node);
  onChanges(({ changes }) => {
    waiting.push(...changes.filter(({ isForeign }) => isForeign));
    if (!timer) announce();
  });
}

function sentence(changes) {
  const created = countOf(changes.filter(({ type }) => type === "created"));
  const others = countOf(changes.filter(({ type }) => type !== "created"));
  return [created && `Новых заявок: ${number(created)}.`, others && `Изменилось заявок: ${number(others)}.`]
    .filter(Boolean)
    .join(" ");
}

const countOf = (changes) => new Set(changes.map(({ requestid }) => requestid)).size;
