/**
 * Actions that a request allows, and texts of the moves between statuses.
 *
 *   may(repair, "assign")              // true if the request's `allowed` names the action
 *   movesOf(repair)                    // ["В работе", "Отменена"], the usual next status first
 *   needsReason(repair, "Отменена")
 *   needsMaster(repair, "В работе")    // true if a missing master is all that blocks the move
 *   whyNot(repair, "В работе")         // null if the move is allowed, else the reason
 *   transition("В работе", "Отменена")    // { verb, icon, variant, reason, done }
 */
import { Status } from "../config.js";
import { lookOf, moveOf } from "../core/statuses.js";

/** For rows saved by an older version, which lack `allowed`. */
const NOTHING = { actions: [], requeststatus: [] };
const allowedOf = ({ allowed }) => allowed ?? NOTHING;

export const may = (repair, action) => allowedOf(repair).actions.includes(action);

/** Order of the buttons: the usual next status first, cancelling last. */
const WEIGHTS = { primary: 0, warn: 2 };

export function movesOf(repair) {
  const weight = (status) => WEIGHTS[transition(repair.requeststatus, status).variant] ?? 1;
  return [...allowedOf(repair).requeststatus].sort((one, other) => weight(one) - weight(other));
}

/** True for an unknown move, too: the server accepts a reason with every move. */
export const needsReason = ({ requeststatus }, status) => moveOf(requeststatus, status)?.comment_required ?? true;

export const needsMaster = (repair, status) =>
  !repair.master && !movesOf(repair).includes(status) && Boolean(moveOf(repair.requeststatus, status)?.master_required);

export function whyNot(repair, status) {
  if (movesOf(repair).includes(status)) return null;
  if (needsMaster(repair, status)) return "Сначала назначьте мастера";
  if (repair.requeststatus === status) return "Заявка уже здесь";
  return `Из статуса «${repair.requeststatus}» сюда нельзя`;
}

/** Texts by target status; those of «В работе» depend on the source status. */
const WORDS = {
  [Status.CANCELLED]: {
    verb: "Отменить заявку",
    icon: "cancelled",
    variant: "warn",
    reason: "Почему отменяем",
    done: "Заявка отменена",
  },
  [Status.WAITING]: { verb: "Жду запчасти", icon: "parts", done: "Отмечено: ждём запчасти" },
  [Status.DONE]: { verb: "Ремонт завершён", icon: "done", variant: "primary", done: "Ремонт завершён" },
};
const WORDS_TO_WORK = {
  [Status.NEW]: { verb: "Начать работу", icon: "work", variant: "primary", done: "Заявка в работе" },
  [Status.WAITING]: { verb: "Запчасти пришли", icon: "work", variant: "primary", done: "Ремонт продолжается" },
  [Status.DONE]: {
    verb: "Вернуть по гарантии",
    icon: "refresh",
    reason: "Что не так после ремонта",
    done: "Заявка снова в работе",
  },
};

export function transition(from, to) {
  const words = to === Status.IN_PROGRESS ? WORDS_TO_WORK[from] : WORDS[to];
  return { reason: "Причина", ...(words ?? genericWords(to)) };
}

const genericWords = (to) => ({ verb: `Перевести: «${to}»`, icon: lookOf(to).icon, done: `Теперь «${to}»` });
