/**
 * Requests as tickets (cards).
 *
 *   ticketCards(user, (repair) => [button, …])     // a frame of ui/paged_list.js
 *   ticketCards(user, actions, { variant: "day", says: (repair) => "Готово" })   // with a sentence
 *   ticketCards(user, actions, { pick: (repair) => box })     // with a checkbox
 */
import { dueBadge, priorityBadge, stars, statusBadge, when } from "../ui/badge.js";
import { el, icon } from "../core/dom.js";
import { requestNumber, shortName } from "../core/format.js";
import { lookOf } from "../core/statuses.js";
import { deviceName } from "../requests.js";
import { pageLink } from "../core/url.js";

export function ticketCards(user, actions, { variant = "plain", says, pick } = {}) {
  const node = el("ul", { class: `tickets tickets--${variant}` });
  return {
    node,
    container: node,
    row: (repair) =>
      el(
        "li",
        { "data-requestid": repair.requestid },
        ticket(repair, user, actions(repair), { sentence: says?.(repair), box: pick?.(repair) }),
      ),
  };
}

function ticket(repair, user, actions, { sentence, box }) {
  const { variant } = lookOf(repair.requeststatus);
  const buttons = actions.filter(Boolean);
  return el(
    "article",
    { class: `ticket ticket--${variant}` },
    stub(repair, box),
    body(repair, user, sentence),
    buttons.length > 0 && el("div", { class: "ticket__actions" }, buttons),
  );
}

const stub = (repair, box) =>
  el(
    "header",
    { class: "ticket__stub" },
    box,
    el("span", { class: "number" }, requestNumber(repair.requestid)),
    priorityBadge(repair.priority),
    statusBadge(repair.requeststatus),
  );

function body(repair, user, sentence) {
  const title = pageLink(
    { request: repair.requestid },
    { "data-key": `request-${repair.requestid}` },
    deviceName(repair),
  );
  return el(
    "div",
    { class: "ticket__body" },
    el("h3", { class: "ticket__title" }, title),
    sentence && el("p", { class: "ticket__says" }, sentence),
    el("p", { class: "ticket__problem" }, repair.problemdescription),
    facts(repair, user),
  );
}

/** Facts of the request, without the user's own name. */
function facts(repair, user) {
  const { client, master, rating, address } = repair;
  const name = (iconName, person) =>
    person?.fullname && person.user_id !== user.user_id && el("span", {}, icon(iconName), shortName(person.fullname));
  return el(
    "p",
    { class: "ticket__facts" },
    dueBadge(repair),
    el("span", {}, icon("calendar"), when(repair.startdate)),
    name("person", client),
    name("work", master),
    address && el("span", {}, icon("place"), address),
    rating && stars(rating.score),
  );
}
