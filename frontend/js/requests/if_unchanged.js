/**
 * Of two managers who decide at once the second is told what the first has
 * done, instead of undoing it unseen.
 *
 *   await ifUnchanged(repair, ["masterid"], (ifMatch) => setMaster(repair.requestid, 5, ifMatch));
 *
 * `repair` is the request as this person saw it. Where its status and the
 * named fields are still the same (somebody only mended a telephone number),
 * the wish holds and is sent again; else the error of the call says who did
 * what, and its `current` is the request as it is now.
 */
import { Status } from "../config.js";
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
    error.message = await news(error.current);
    throw error;
  }
}

/** «Заявку уже изменил другой менеджер: Иванов И. И., сегодня, 14:20. Сейчас: мастер — …» */
export async function news(current) {
  const last = await loadHistory(current.requestid).then(
    (history) => history.findLast(({ kind }) => KINDS.includes(kind)),
    () => null,
  );
  return `Заявку уже ${did(last)}. Сейчас: ${presentState(current)}.`;
}

function did(event) {
  const { actor, kind, at } = event ?? {};
  if (!actor) return "изменил другой менеджер";
  const name =
    actor.user_id === currentUser()?.user_id
      ? "вы сами в другом окне"
      : `${ROLES[actor.user_type] ?? "сотрудник"} ${shortName(actor.fullname)}`;
  return `${kind === "accepted" ? "взял в работу" : "изменил"} ${name}, ${moment(at)}`;
}

const ROLES = { Мастер: "мастер", Менеджер: "другой менеджер", Администратор: "администратор", Клиент: "клиент" };

const presentState = ({ requeststatus, master, duedate }) =>
  [
    `«${requeststatus}»`,
    master ? `мастер — ${shortName(master.fullname)}` : requeststatus === Status.CANCELLED ? null : "без мастера",
    duedate && `срок — ${moment(duedate)}`,
  ]
    .filter(Boolean)
    .join(", ");
