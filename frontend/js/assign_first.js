/**
 * A new request goes to the master whom the server recommends first, with one press.
 *
 *   assignFirstButton(repair)      // nothing where there is nobody to be found
 */
import { actionButton } from "./action.js";
import { Status } from "./config.js";
import { el } from "./dom.js";
import { requestNumber, shortName } from "./format.js";
import { loadCandidates, setMaster } from "./requests.js";
import { toast, toastError } from "./toast.js";

export function assignFirstButton({ requestid, requeststatus, master }) {
  if (master || requeststatus !== Status.NEW) return null;
  const text = ["Назначить первого", el("span", { class: "visually-hidden" }, ` на заявку ${requestNumber(requestid)}`)];
  return actionButton({ text, icon: "person", variant: "small", key: `assign-${requestid}` }, () => assignFirst(requestid));
}

async function assignFirst(requestid) {
  const [first] = await loadCandidates(requestid);
  if (!first) return toastError("Мастеров пока нет: администратор заводит их на странице «Пользователи».");
  await assign(requestid, first);
}

export async function assign(requestid, { user_id, fullname, reason }) {
  await setMaster(requestid, user_id);
  toast(`${requestNumber(requestid)}: назначен мастер ${shortName(fullname)}. ${reason}`);
}
