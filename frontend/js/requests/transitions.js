/**
 * Which statuses the office may give a request: what a list row does not tell,
 * read off the contract's table. The server still decides.
 *
 *   movesOf(repair)                // ["В работе", "Отменена"]
 *   whyNot(repair, "В работе")     // null where it may go there, else a sentence
 *   wantsMaster(repair, "В работе")
 */
import { Status } from "../config.js";

const NEXT = {
  [Status.NEW]: [Status.IN_PROGRESS, Status.CANCELLED],
  [Status.IN_PROGRESS]: [Status.WAITING, Status.DONE, Status.CANCELLED],
  [Status.WAITING]: [Status.IN_PROGRESS, Status.CANCELLED],
  [Status.DONE]: [Status.IN_PROGRESS],
  [Status.CANCELLED]: [],
};

export const movesOf = (repair) => NEXT[repair.requeststatus].filter((status) => !wantsMaster(repair, status));

/** Work needs hands: only for want of a master the request may not go there. */
export const wantsMaster = (repair, status) =>
  status === Status.IN_PROGRESS && !repair.master && NEXT[repair.requeststatus].includes(status);

export function whyNot(repair, status) {
  if (movesOf(repair).includes(status)) return null;
  if (wantsMaster(repair, status)) return "Сначала назначьте мастера";
  if (repair.requeststatus === status) return "Заявка уже здесь";
  return `Из статуса «${repair.requeststatus}» сюда нельзя`;
}
