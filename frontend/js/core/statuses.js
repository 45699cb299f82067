/**
 * Statuses of requests and the moves between them, from `/api/config`.
 *
 *   await loadStatuses();                  // once per page, before requests are drawn; never fails
 *   statuses()  openStatuses()  workingStatuses()  isOpen("В работе")
 *   lookOf("В работе")                     // { variant, icon, plural }; generic for an unknown status
 *   moveOf("Новая заявка", "Отменена")     // { from, to, roles, comment_required, master_required } or undefined
 *   targets()                              // statuses to which a move leads
 *
 * If the configuration cannot be loaded, the statuses of config.js are used, without
 * moves.
 */
import { Status, STATUS_LOOK } from "../config.js";
import { shopConfig } from "./shop_config.js";

const CLOSED = [Status.DONE, Status.CANCELLED];

let known = {
  statuses: Object.values(Status),
  open_statuses: Object.values(Status).filter((status) => !CLOSED.includes(status)),
  moves: [],
};

/** Keeps the defaults for names that an answer saved by an older version lacks. */
export const loadStatuses = () =>
  shopConfig().then(
    (answer) => (known = { ...known, ...answer }),
    () => null,
  );

export const statuses = () => known.statuses;

/** Statuses of unfinished requests. */
export const openStatuses = () => known.open_statuses;
export const isOpen = (status) => known.open_statuses.includes(status);

/** Statuses that need a master. */
export const workingStatuses = () => known.open_statuses.filter((status) => status !== Status.NEW);

export const lookOf = (status) => STATUS_LOOK[status] ?? { variant: "other", icon: "ticket", plural: status };

export const moveOf = (source, target) => known.moves.find(({ from, to }) => from === source && to === target);
export const targets = () => known.statuses.filter((status) => known.moves.some(({ to }) => to === status));
