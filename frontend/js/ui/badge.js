/**
 * Badges and other small elements that show one fact by word, icon and colour.
 *
 *   statusBadge("В работе")  priorityBadge("Срочный")  dueBadge(repair)
 *   roleBadge("Мастер")  inactiveBadge(account)
 *   when("2026-11-22T10:00:00Z")  person(user)  stars(4)
 */
import { Priority, Role, ROLE_LOOK } from "../config.js";
import { el, icon } from "../core/dom.js";
import { dayOf, distance, fullMoment, initials, moment } from "../core/format.js";
import { isOpen, lookOf } from "../core/statuses.js";

export function badge(variant, iconName, text) {
  return el("span", { class: `badge badge--${variant}` }, icon(iconName), text);
}

export function statusBadge(status) {
  const look = lookOf(status);
  return badge(look.variant, look.icon, status);
}

/** Null for the normal priority. */
export function priorityBadge(priority) {
  if (priority === Priority.URGENT) return badge("urgent", "urgent", "Срочно");
  if (priority === Priority.LOW) return badge("low", "low", "Не спешит");
  return null;
}

/** Deadline of an open request: overdue, soon (a setting decides when), or its day. */
export function dueBadge(repair) {
  if (!repair.duedate || !isOpen(repair.requeststatus)) return null;
  const title = `Срок: ${fullMoment(repair.duedate)}`;
  if (repair.is_overdue) return titled(badge("overdue", "alert", distance(repair.duedate)), title);
  if (repair.is_due_soon) return titled(badge("soon", "clock", `срок ${moment(repair.duedate)}`), title);
  return titled(badge("due", "clock", `срок ${dayOf(repair.duedate)}`), title);
}

export const roleBadge = (role) => badge(role === Role.CLIENT ? "client" : "staff", ROLE_LOOK[role].icon, role);

/** False for an active account. */
export const inactiveBadge = ({ is_active }) => !is_active && badge("inactive", "lock", "Отключена");

export function when(iso) {
  return el("time", { datetime: iso, title: fullMoment(iso) }, moment(iso));
}

export function person(fullname) {
  return el(
    "span",
    { class: "person" },
    el("span", { class: "person__mark", "aria-hidden": "true" }, initials(fullname)),
    el("span", {}, fullname),
  );
}

export function stars(score) {
  const marks = [1, 2, 3, 4, 5].map((star) => icon(star <= score ? "star-full" : "star"));
  return el("span", { class: "stars", role: "img", "aria-label": `Оценка ${score} из 5` }, marks);
}

function titled(node, title) {
  node.title = title;
  return node;
}
