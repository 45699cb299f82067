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

/** How each next status is asked for; the words depend on where the request comes from. */
export function transition(from, to) {
  if (to === Status.CANCELLED)
    return {
      verb: "Отменить заявку",
      icon: "cancelled",
      variant: "warn",
      reason: "Почему отменяем",
      done: "Заявка отменена",
    };
  if (to === Status.WAITING) return { verb: "Жду запчасти", icon: "parts", done: "Отмечено: ждём запчасти" };
  if (to === Status.DONE) return { verb: "Ремонт завершён", icon: "done", variant: "primary", done: "Ремонт завершён" };
  if (from === Status.DONE)
    return {
      verb: "Вернуть по гарантии",
      icon: "refresh",
      reason: "Что не так после ремонта",
      done: "Заявка снова в работе",
    };
  if (from === Status.WAITING)
    return { verb: "Запчасти пришли", icon: "work", variant: "primary", done: "Ремонт продолжается" };
  return { verb: "Начать работу", icon: "work", variant: "primary", done: "Заявка в работе" };
}

const MASTER_NEXT = {
  [Status.IN_PROGRESS]: [Status.DONE, Status.WAITING],
  [Status.WAITING]: [Status.IN_PROGRESS],
};

/** What a master does with one tap from the list, where `allowed` is not sent; the server still decides. */
export const masterNext = (repair) => MASTER_NEXT[repair.requeststatus] ?? [];
