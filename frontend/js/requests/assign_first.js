/**
 * Button that assigns a new request to the recommended master.
 *
 *   assignFirstButton(repair)      // null unless the request is new and has no master
 */
import { actionButton } from "../ui/action_button.js";
import { el } from "../core/dom.js";
import { requestNumber, shortName } from "../core/format.js";
import { ifUnchanged } from "./if_unchanged.js";
import { loadCandidates, setMaster } from "../requests.js";
import { may } from "./transitions.js";
import { toast, toastError } from "../ui/toast.js";

export function assignFirstButton(repair) {
  const { requestid, master } = repair;
  if (master || !may(repair, "assign")) return null;
  const text = [
    "Назначить первого",
    el("span", { class: "visually-hidden" }, ` на заявку ${requestNumber(requestid)}`),
  ];
  return actionButton({ text, icon: "person", variant: "small", key: `assign-${requestid}` }, () =>
    assignFirst(repair),
  );
}

async function assignFirst(repair) {
  const [first] = await loadCandidates(repair.requestid);
  if (!first) return toastError("Мастеров пока нет: администратор заводит их на странице «Пользователи».");
  await assign(repair, first);
}

/** `repair`: the request as the user saw it when deciding. */
export async function assign(repair, { user_id, fullname, reason }) {
  const { requestid } = repair;
  await ifUnchanged(repair, ["masterid"], (ifMatch) => setMaster(requestid, user_id, ifMatch));
  toast(`${requestNumber(requestid)}: назначен мастер ${shortName(fullname)}. ${reason}`);
}
