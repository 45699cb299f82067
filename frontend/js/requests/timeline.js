/**
 * Timeline of a request: history events and comments by time.
 *
 *   timeline(history, comments)
 */
import { badge, stars, when } from "../ui/badge.js";
import { Status } from "../config.js";
import { el, icon } from "../core/dom.js";
import { moment } from "../core/format.js";
import { lookOf } from "../core/statuses.js";
import { LABELS } from "./fields.js";

/** Icon, variant and text of each kind of event. Comments come from their own list, with authors. */
const KINDS = {
  created: () => ({ iconName: "ticket", variant: "new", text: "Заявка принята" }),
  accepted: () => ({ iconName: "work", variant: "progress", text: "Мастер взял заявку в работу" }),
  assigned: ({ from, to }) => ({ iconName: "person", text: assignedText(from, to) }),
  status: ({ from, to }) => ({
    iconName: lookOf(to).icon,
    variant: lookOf(to).variant,
    text: statusText(from, to),
  }),
  deadline: ({ from, to }) => ({ iconName: "clock", text: deadlineText(from, to) }),
  edited: ({ from, to }) => ({ iconName: "edit", text: "Данные заявки изменены", more: changes(from ?? {}, to ?? {}) }),
  rating: ({ to }) => ({ iconName: "star", variant: "done", text: "Клиент оценил ремонт", more: to && stars(to) }),
};

const UNKNOWN = () => ({ iconName: "dot", text: "Изменение" });

export function timeline(history, comments) {
  const events = history
    .filter(({ kind }) => kind !== "comment")
    .map((entry) => ({ at: entry.at, node: () => event(entry) }));
  const remarks = comments.map((comment) => ({ at: comment.comment_date, node: () => remark(comment) }));
  const all = [...events, ...remarks].sort((one, other) => new Date(one.at) - new Date(other.at));
  return el(
    "ol",
    { class: "timeline" },
    all.map(({ node }) => node()),
  );
}

function event(entry) {
  const { iconName, variant = "plain", text, more } = (KINDS[entry.kind] ?? UNKNOWN)(entry);
  return line(
    iconName,
    variant,
    el("p", {}, el("strong", {}, text)),
    more,
    entry.comment && el("p", { class: "bubble" }, entry.comment),
    who(entry.actor, entry.at),
  );
}

function remark({ author, message, is_internal, comment_date }) {
  const mark = is_internal && badge("internal", "lock", "Видят только сотрудники");
  const text = el("p", { class: `bubble bubble--${is_internal ? "internal" : "open"}` }, message);
  return line("comment", "plain", who(author, comment_date), text, mark);
}

const line = (iconName, variant, ...parts) =>
  el(
    "li",
    { class: `event event--${variant}` },
    el("span", { class: "event__mark" }, icon(iconName)),
    el("div", { class: "event__body" }, parts),
  );

const who = (person, at) => el("p", { class: "event__who" }, nameOf(person), " · ", when(at));

/** Name and role; only the role if the user may not see names; «Система» for automatic events. */
function nameOf(person) {
  if (!person) return "Система";
  return person.fullname ? `${person.fullname}, ${person.user_type.toLowerCase()}` : person.user_type;
}

function assignedText(from, to) {
  if (!to) return "Мастер снят с заявки";
  return from ? `Мастер сменился: ${from.fullname} → ${to.fullname}` : `Назначен мастер: ${to.fullname}`;
}

function statusText(from, to) {
  if (to === Status.CANCELLED) return "Заявка отменена";
  if (to === Status.WAITING) return "Ждём запчасти";
  if (to === Status.DONE) return "Ремонт завершён";
  if (to !== Status.IN_PROGRESS) return `Новый статус: «${to}»`;
  if (from === Status.DONE) return "Вернулась в работу по гарантии";
  return from === Status.WAITING ? "Запчасти получены, ремонт продолжается" : "Ремонт начат";
}

function deadlineText(from, to) {
  if (!to) return "Срок снят";
  return from ? `Срок перенесён: ${moment(from)} → ${moment(to)}` : `Назначен срок: ${moment(to)}`;
}

function changes(from, to) {
  const rows = Object.keys(to).map((name) =>
    el(
      "li",
      {},
      `${LABELS[name] ?? name}: `,
      from[name] && [el("del", {}, from[name]), " → "],
      el("ins", {}, to[name] ?? "убрано"),
    ),
  );
  return el("ul", { class: "event__change" }, rows);
}
