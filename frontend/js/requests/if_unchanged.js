/**
 * Optimistic locking: a manager does not overwrite another manager's decision
 * without seeing it.
 *
 *   await ifUnchanged(repair, ["masterid"], (ifMatch) => setMaster(repair.requestid, 5, ifMatch));
 *
 * `repair` is the request as the user saw it. After a 412 the call is repeated if
 * the status and the named fields are unchanged. Otherwise the error says who did
 * what, and its `current` is the request as it is now.
 */
import { Role, Status } from "../config.js";
import { moment, shortName } from "../core/format.js";
import { loadHistory } from "../requests.js";
import { currentUser } from "../core/session.js";

const KINDS = ["assigned", "accepted", "status", "deadline"];

export async function ifUnchanged(repair, names, send) {
  try {
    return await send(`"${repair.version}"`);
  } catch (error) {
    if (error.status !== 412) throw error;
    if (["requeststatus", ...names].every((name) => error.current[name] === repair[name]))
      return ifUnchanged(error.current, names, send);
    error.message = await describeChange(error.current);
    throw error;
  }
}

/** «Заявку уже изменил другой менеджер: Иванов И. И., сегодня, 14:20. Сейчас: мастер — …» */
export async function describeChange(current) {
  const last = await loadHistory(current.requestid).then(
    (history) => history.findLast(({ kind }) => KINDS.includes(kind)),
    () => null,
  );
  return `Заявку уже ${whoDidWhat(last)}. Сейчас: ${currentState(current)}.`;
}

function whoDidWhat(event) {
  const { actor, kind, at } = event ?? {};
  if (!actor) return "изменил другой менеджер";
  const name =
    actor.user_id === currentUser()?.user_id
      ? "вы сами в другом окне"
      : `${ROLE_NAMES[actor.user_type] ?? "сотрудник"} ${shortName(actor.fullname)}`;
  return `${kind === "accepted" ? "взял в работу" : "изменил"} ${name}, ${moment(at)}`;
}

const ROLE_NAMES = {
  [Role.MASTER]: "мастер",
  [Role.MANAGER]: "другой менеджер",
  [Role.ADMIN]: "администратор",
  [Role.CLIENT]: "клиент",
};

const currentState = ({ requeststatus, master, duedate }) =>
  [
    `«${requeststatus}»`,
    master ? `мастер — ${shortName(master.fullname)}` : requeststatus === Status.CANCELLED ? null : "без мастера",
    duedate && `срок — ${moment(duedate)}`,
  ]
    .filter(Boolean)
    .join(", ");
