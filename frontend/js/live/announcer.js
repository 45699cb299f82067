/** What others do, said to those who do not see it: a sentence now and then, never one for each event. */
import { onChanges } from "./changes.js";
import { el } from "../core/dom.js";
import { number } from "../core/format.js";

const QUIET_MS = 10_000;

export function startVoice() {
  const node = el("p", { class: "visually-hidden", role: "status" });
  let heard = [];
  let timer = null;

  const speak = () => {
    timer = heard.length ? setTimeout(speak, QUIET_MS) : null;
    if (timer) node.textContent = sentence(heard.splice(0));
  };

  document.body.append(node);
  onChanges(({ changes }) => {
    heard.push(...changes.filter(({ isForeign }) => isForeign));
    if (!timer) speak();
  });
}

function sentence(changes) {
  const made = countOf(changes.filter(({ type }) => type === "created"));
  const others = countOf(changes.filter(({ type }) => type !== "created"));
  return [made && `Новых заявок: ${number(made)}.`, others && `Изменилось заявок: ${number(others)}.`]
    .filter(Boolean)
    .join(" ");
}

const countOf = (changes) => new Set(changes.map(({ requestid }) => requestid)).size;
