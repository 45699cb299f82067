/**
 * Statuses of requests and the moves between them, from `/api/config`.
 *
 *   await loadStatuses();                  // once a page, before requests are drawn; never fails
 *   statuses()  openStatuses()  workingStatuses()  isOpen("В работе")
 *   lookOf("В работе")                     // { variant, icon, plural }; generic for a status without a look of its own
 *   moveOf("Новая заявка", "Отменена")     // { from, to, roles, comment_required, master_required } or undefined
 *   targets()                              // the statuses to which some move leads
 *
 * Without an answer of the server the statuses of config.js stand in, and no move is known.
 */
import { Status, STATUS_LOOK } from "../config.js";
import { shopConfig } from "./shop_config.js";

const CLOSED = [Status.DONE, Status.CANCELLED];

let known = {
  statuses: Object.values(Status),
  open_statuses: Object.values(Status).filter((status) => !CLOSED.includes(status)),
  moves: [],
};

/** An answer kept by an older version lacks some of the names. */
export const loadStatuses = () =>
  shopConfig().then(
    (answer) => (known = { ...known, ...answer }),
    () => null,
  );

export const statuses = () => known.statuses;

/** Statuses in which somebody still has work to do. */
export const openStatuses = () => known.open_statuses;
export const isOpen = (status) => known.open_statuses.includes(status);

/** Open, and in the hands of a master. */
export const workingStatuses = () => known.open_statuses.filter((status) => status !== Status.NEW);

export const lookOf = (status) => STATUS_LOOK[status] ?? { variant: "other", icon: "ticket", plural: status };

export const moveOf = (source, target) => known.moves.find(({ from, to }) => from === source && to === target);
export const targets = () => known.statuses.filter((status) => known.moves.some(({ to }) => to === status));
