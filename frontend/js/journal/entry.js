/**
 * One entry of the journal. `linkTo(changes)` turns the names of people into
 * links; without it they are plain text.
 *
 *   journalEntry(entry, (changes) => (attributes, ...children) => node)
 */
import { when } from "../ui/badge.js";
import { el, icon } from "../core/dom.js";
import { sentenceOf } from "./sentences.js";

export function journalEntry(entry, linkTo = null) {
  const { iconName, variant = "plain", text, changes = [] } = sentenceOf(entry);
  const sentence = el(
    "p",
    {},
    text.map((part) => (part?.name ? personName(part, linkTo) : part)),
  );
  return el(
    "li",
    { class: `event event--${variant}` },
    el("span", { class: "event__mark" }, icon(iconName)),
    el("div", { class: "event__body" }, sentence, list(changes), el("p", { class: "event__who" }, when(entry.at))),
  );
}

/** The name, and after an actor's name the verb. */
function personName({ person, name, verb, role }, linkTo) {
  const shown =
    person && linkTo
      ? linkTo({ [role]: person.user_id })(
          { title: role === "actor" ? "Всё, что изменил этот человек" : "Всё об этой учётной записи" },
          name,
        )
      : el("strong", {}, name);
  return [shown, verb && ` ${verb}`];
}

function list(changes) {
  if (changes.length === 0) return null;
  return el(
    "ul",
    { class: "event__change" },
    changes.map(({ label, from, to }) =>
      el(
        "li",
        {},
        label && `${label}: `,
        from !== undefined && el("del", {}, from),
        from !== undefined && to !== undefined && " → ",
        to !== undefined && el("ins", {}, to),
      ),
    ),
  );
}
