/**
 * «Где мой ремонт» for the client: stages of the repair with times, and what comes
 * next. Loaded for clients only.
 *
 *   repairProgress(repair, history, organisation)
 *   feedbackCard(repair, feedback_url)      // after the repair is done
 *   shopCard(organisation)                  // contacts of the organisation
 */
import { when } from "../ui/badge.js";
import { Status } from "../config.js";
import { el, icon } from "../core/dom.js";
import { mapAddress, moment, phoneLink } from "../core/format.js";

export function repairProgress(repair, history, organisation) {
  if (repair.requeststatus === Status.CANCELLED) return cancelled(history);
  const stages = stagesOf(repair, history);
  const now = stages.findLastIndex(({ at }) => at);
  const lines = stages.map((stage, index) => line(stage, index - now, index === now && sentence(repair, organisation)));
  return el("section", { class: "where", "aria-label": "Где мой ремонт" }, el("ol", { class: "where__steps" }, lines));
}

/** Stages; a reached one has a time. Waiting for parts is listed only while the repair waits. */
function stagesOf(repair, history) {
  const isWaiting = repair.requeststatus === Status.WAITING;
  const assignedAt = lastOf(history, ({ kind, to }) => kind === "accepted" || (kind === "assigned" && to));
  const startedAt = firstOf(
    history,
    ({ kind, to }) => kind === "accepted" || (kind === "status" && to === Status.IN_PROGRESS),
  );
  const waitingSince = lastOf(history, ({ to }) => to === Status.WAITING);
  return [
    { title: "Заявка принята", icon: "ticket", at: repair.startdate },
    {
      title: repair.master ? `Мастер назначен: ${repair.master.fullname}` : "Мастер назначен",
      icon: "person",
      at: repair.master && (assignedAt ?? repair.startdate),
    },
    { title: "В работе", icon: "work", at: repair.requeststatus !== Status.NEW && (startedAt ?? repair.startdate) },
    isWaiting && { title: "Ждём запчасть", icon: "parts", at: waitingSince ?? repair.startdate },
    { title: "Готово", icon: "done", at: repair.completiondate },
  ].filter(Boolean);
}

export function shopCard({ name, phone, email, address, hours }) {
  const link = (href, iconName, text) =>
    text && el("li", {}, el("a", { class: "with-icon", href }, icon(iconName), text));
  const lines = [
    phone && link(phoneLink(phone), "phone", phone),
    email && link(`mailto:${email}`, "mail", email),
    address && link(mapAddress(address), "place", address),
    hours && el("li", { class: "with-icon" }, icon("clock"), hours),
  ];
  return el(
    "section",
    { class: "card block shop-card", "aria-label": "Мастерская" },
    el("h3", {}, name),
    el("ul", {}, lines),
  );
}

const firstOf = (history, test) => history.find(test)?.at;
const lastOf = (history, test) => history.findLast(test)?.at;

function line({ title, icon: iconName, at }, distance, text) {
  const state = distance < 0 ? "passed" : distance === 0 ? "now" : "ahead";
  const stateText = { passed: "пройдено: ", now: "сейчас: ", ahead: "впереди: " }[state];
  const head = el(
    "p",
    { class: "where__title" },
    el("span", { class: "visually-hidden" }, stateText),
    title,
    at && el("span", { class: "where__at" }, when(at)),
  );
  return el(
    "li",
    { class: "where__step", "data-state": state, "aria-current": state === "now" && "step" },
    el("span", { class: "where__mark" }, icon(state === "passed" ? "done" : iconName)),
    el("div", {}, head, text && el("p", { class: "where__says" }, text)),
  );
}

function sentence(repair, organisation) {
  const dueText = due(repair, organisation);
  if (repair.requeststatus === Status.NEW)
    return repair.master
      ? ["Мастер скоро начнёт. ", dueText]
      : ["Скоро заявку возьмёт мастер, и здесь появится его имя. ", dueText];
  if (repair.requeststatus === Status.IN_PROGRESS) return ["Мастер ремонтирует прибор. ", dueText];
  if (repair.requeststatus === Status.WAITING)
    return ["Деталь заказана. Как только она придёт, ремонт продолжится. ", dueText];
  if (repair.requeststatus !== Status.DONE) return [`Сейчас: «${repair.requeststatus}». `, dueText];
  const where = [organisation.address, organisation.hours].filter(Boolean).join(", ");
  return ["Прибор можно забирать. ", where && `Ждём вас: ${where}.`];
}

function due({ duedate, is_overdue }, { phone }) {
  if (!duedate) return null;
  if (!is_overdue) return ["Готово — до ", el("strong", {}, moment(duedate)), "."];
  return [
    `Обещали к ${moment(duedate)} и не успели. `,
    phone && ["Позвоните нам: ", el("a", { href: phoneLink(phone) }, phone), "."],
  ];
}

function cancelled(history) {
  const event = history.findLast(({ to }) => to === Status.CANCELLED);
  return el(
    "p",
    { class: "notice" },
    icon("cancelled"),
    el("span", {}, "Заявка отменена", event && [" ", when(event.at)], event?.comment && `: ${event.comment}`),
  );
}

export function feedbackCard({ requeststatus }, url) {
  if (requeststatus !== Status.DONE || !url) return null;
  const link = el(
    "a",
    { class: "button", href: url, target: "_blank", rel: "noopener noreferrer" },
    icon("edit"),
    "Форма отзыва",
  );
  const code = el("img", {
    class: "feedback__code",
    src: "/api/feedback/qr.svg",
    width: 132,
    height: 132,
    alt: "QR-код формы отзыва",
    loading: "lazy",
  });
  return el(
    "div",
    { class: "card feedback" },
    el(
      "div",
      { class: "block" },
      el("h3", {}, "Расскажите о нас"),
      el("p", { class: "muted" }, "Откройте форму или наведите на код камеру телефона."),
      link,
    ),
    code,
  );
}
