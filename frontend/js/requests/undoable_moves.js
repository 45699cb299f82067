/**
 * Moves of a request to its next status that can be undone for 5 s: items of the
 * outbox (offline/outbox.js), sent when the time is over or the page is left.
 *
 *   plan(repair, "Завершена");        // ignored while another move of this request is planned
 *   undo(7);  sendNow(7);
 *   planned(7)                        // { requestid, to, state: "counting" | "sending" | "waiting", left } or null
 *   refusal(7)                        // why the last move was refused, until the next one
 *   outboxId(7)                       // for `data-outbox` of the element that shows the move
 */
import { requestNumber } from "../core/format.js";
import { drop, refusalOf, sendAfter, sendNow as send, stateOf } from "../offline/outbox.js";
import { findItem } from "../offline/outbox_store.js";
import { transition } from "./transitions.js";

const UNDO_MS = 5000;

const pathOf = (requestid) => `/requests/${requestid}/status`;
export const outboxId = (requestid) => `PUT ${pathOf(requestid)}`;

/** The planned item; an item without `notBefore` is a move that the user has to send again. */
const itemOf = (requestid) => [findItem(outboxId(requestid))].find((item) => item?.notBefore !== undefined);

export function planned(requestid) {
  const item = itemOf(requestid);
  return item ? { requestid, to: item.body.requeststatus, ...stateOf(item) } : null;
}

export const refusal = (requestid) => refusalOf(outboxId(requestid));

export function plan({ requestid, requeststatus: from, version }, to) {
  if (itemOf(requestid)) return;
  const number = requestNumber(requestid);
  sendAfter(UNDO_MS, {
    method: "PUT",
    path: pathOf(requestid),
    body: { requeststatus: to },
    requestid,
    version,
    what: `${number}: «${to}»`,
    done: `${number}: ${transition(from, to).done}`,
  });
}

export function undo(requestid) {
  if (planned(requestid)?.state !== "sending") drop({ id: outboxId(requestid) });
}

export function sendNow(requestid) {
  const item = itemOf(requestid);
  if (item) send(item);
}
