/** Read-only parts of the request dialog: head, facts, people, receipt. */
import { dueBadge, person, priorityBadge, statusBadge, when } from "../ui/badge.js";
import { Role, Status } from "../config.js";
import { el, icon } from "../core/dom.js";
import { mapAddress, phoneLink, requestNumber } from "../core/format.js";
import { isOpen } from "../core/statuses.js";
import { clientName, deviceName } from "../requests.js";
import { FACTS, LABELS } from "./fields.js";

const STAGES = [
  ["Принята", "ticket"],
  ["В работе", "work"],
  ["Готова", "done"],
];
const stageOf = (status) => (status === Status.NEW ? 0 : isOpen(status) ? 1 : 2);

/** `progress`: the client's view of the repair; staff see three stages. */
export function headPart(repair, progress) {
  const badges = [statusBadge(repair.requeststatus), priorityBadge(repair.priority), dueBadge(repair)];
  return el(
    "div",
    { class: "repair__head" },
    el("div", { class: "repair__badges" }, badges),
    el("h3", { class: "repair__title" }, deviceName(repair)),
    progress ?? (repair.requeststatus !== Status.CANCELLED && stages(repair.requeststatus)),
  );
}

/** Three stages of the repair; waiting for parts belongs to the second. */
function stages(status) {
  const now = stageOf(status);
  return el(
    "ol",
    { class: "steps", "aria-label": "Где мой ремонт" },
    STAGES.map(([text, iconName], index) => stage(text, iconName, index, now, status)),
  );
}

function stage(text, iconName, index, now, status) {
  const waiting = index === now && status === Status.WAITING;
  const attributes = {
    class: "steps__step",
    "data-passed": String(index <= now),
    "aria-current": index === now && "step",
  };
  return el("li", attributes, icon(waiting ? "parts" : iconName), waiting ? "Ждём запчасти" : text);
}

export function problemPart(repair, editButton) {
  const { address } = repair;
  return el(
    "section",
    { class: "block" },
    el("div", { class: "block__head" }, el("h3", {}, LABELS.problemdescription), editButton),
    el("p", { class: "repair__problem" }, repair.problemdescription),
    facts(FACTS.map((name) => [LABELS[name], name === "address" ? address && mapLink(address) : repair[name]])),
  );
}

/** People and dates, with buttons to change them. */
export function peoplePart(repair, { assignButton, deadlineButton }) {
  const phone = repair.phone ?? repair.client.phone;
  return el(
    "div",
    { class: "card block" },
    facts(
      [
        [Role.CLIENT, [person(clientName(repair)), phone && callLink(phone)]],
        [Role.MASTER, repair.master ? person(repair.master.fullname) : "Не назначен", assignButton],
        [LABELS.duedate, repair.duedate ? when(repair.duedate) : "Не назначен", deadlineButton],
        ["Принята", when(repair.startdate)],
        ["Завершена", repair.completiondate && when(repair.completiondate)],
      ],
      "facts facts--narrow",
    ),
  );
}

/** Head of the printed receipt. */
export function receiptHead(repair, { name, phone, email, address, hours }) {
  return el(
    "div",
    { class: "print-only" },
    el("h2", {}, `${name}. Квитанция ${requestNumber(repair.requestid)}`),
    el("p", {}, [address, phone, email, hours].filter(Boolean).join(" · ")),
  );
}

export const receiptFoot = () =>
  el("p", { class: "print-only" }, "Прибор принял ______________________    Клиент ______________________");

/** Description list of [name, value, button?]; rows without a value are left out. */
function facts(rows, variant = "facts") {
  const given = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el(
    "dl",
    { class: variant },
    given.map(([name, value, button]) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, value), button && el("dd", { class: "facts__change" }, button)),
    ),
  );
}

const callLink = (phone) => el("a", { class: "with-icon", href: phoneLink(phone) }, icon("phone"), phone);
const mapLink = (address) =>
  el(
    "a",
    { class: "with-icon", href: mapAddress(address), target: "_blank", rel: "noopener noreferrer" },
    icon("place"),
    address,
  );
