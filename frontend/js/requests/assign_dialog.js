/**
 * Dialog to assign a master: active masters in the order of the server's
 * recommendation, each with the reason. A notice shows what another manager has
 * changed meanwhile.
 *
 *   openAssign(repair)
 */
import { actionButton } from "../ui/action_button.js";
import { assign } from "./assign_first.js";
import { badge } from "../ui/badge.js";
import { onChangeOfRequest } from "../live/changes.js";
import { openDialog } from "../ui/dialog.js";
import { el, icon, replace } from "../core/dom.js";
import { form } from "../ui/form.js";
import { number, plural, requestNumber, shortName } from "../core/format.js";
import { describeChange, ifUnchanged } from "./if_unchanged.js";
import { loadCandidates, loadRequest, setMaster } from "../requests.js";
import { may } from "./transitions.js";
import { createScreen, emptyState } from "../ui/screen.js";
import { toast } from "../ui/toast.js";

export function openAssign({ requestid }) {
  const container = el("div", { class: "section" });
  const notice = el("div", { class: "news", role: "alert" });
  let seen = null;
  const showNotice = (text) => replace(notice, el("p", { class: "notice notice--warn" }, text));
  const screen = createScreen(container, {
    load: async (signal) => {
      const [{ data: repair }, candidates] = await Promise.all([
        loadRequest(requestid, signal),
        loadCandidates(requestid, signal),
      ]);
      if (seen && seen.masterid !== repair.masterid) describeChange(repair).then(showNotice);
      seen = repair;
      return { repair, candidates, chosen: container.querySelector(":checked")?.value };
    },
    render: (data) => choiceForm(data, () => dialog.close()),
    isEmpty: ({ candidates }) => candidates.length === 0,
    empty: () =>
      emptyState({
        iconName: "people",
        title: "Мастеров пока нет",
        text: "Администратор заводит их на странице «Пользователи».",
      }),
  });
  const stop = onChangeOfRequest(requestid, screen.update);
  const onClose = () => [stop, screen.stop].forEach((end) => end());
  const dialog = openDialog({
    title: `Мастер заявки ${requestNumber(requestid)}`,
    body: el("div", {}, notice, container),
    onClose,
  });
  screen.reload();
}

function choiceForm({ repair, candidates, chosen }, close) {
  const { master } = repair;
  const best = candidates[0];
  const assignTo = async (candidate) => {
    await assign(repair, candidate);
    close();
  };
  const unassign = async () => {
    await ifUnchanged(repair, ["masterid"], (ifMatch) => setMaster(repair.requestid, null, ifMatch));
    close();
    toast("Мастер снят с заявки");
  };
  const selected = chosen ?? String(master?.user_id ?? best.user_id);
  const nobody = may(repair, "take_away") && choice({ value: "", checked: selected === "" }, "Без мастера");
  const choices = candidates.map((candidate, index) =>
    choice(
      { value: candidate.user_id, checked: selected === String(candidate.user_id) },
      person(candidate, index, master),
    ),
  );
  const group = el(
    "fieldset",
    { class: "choices", "data-field": "masterid" },
    el("legend", { class: "visually-hidden" }, "Мастер"),
    choices,
    nobody,
  );
  const send = ({ masterid }) =>
    masterid ? assignTo(candidates.find(({ user_id }) => user_id === Number(masterid))) : unassign();
  return [firstButton(best, master, assignTo), form({ fields: [group], submit: "Назначить", send, variant: "plain" })];
}

const firstButton = (best, master, assignTo) =>
  best.user_id !== master?.user_id &&
  actionButton(
    { text: `Назначить первого: ${shortName(best.fullname)}`, icon: "person", variant: "primary", key: "assign-first" },
    () => assignTo(best),
  );

const choice = (attributes, content) =>
  el(
    "label",
    { class: "choice choice--tall" },
    el("input", { type: "radio", name: "masterid", "data-key": `master-${attributes.value}`, ...attributes }),
    el("span", {}, content),
  );

function person(candidate, index, master) {
  const { user_id, fullname, reason } = candidate;
  const name = el(
    "span",
    { class: "choice__title" },
    el("strong", {}, `${index + 1}. ${fullname}`),
    index === 0 && badge("done", "star", "Советуем"),
    user_id === master?.user_id && badge("plain", "person", "Сейчас"),
  );
  return [name, el("span", { class: "ticket__facts" }, figures(candidate)), el("small", {}, reason)];
}

function figures({ open_work, overdue_work, experience, rating }) {
  const work =
    plural(open_work, "открытая", "открытые", "открытых") +
    (overdue_work ? `, просрочено ${number(overdue_work)}` : "");
  const experienceText = experience.n
    ? plural(experience.n, "такой ремонт", "таких ремонта", "таких ремонтов")
    : "таких ремонтов не было";
  const ratingText = rating.n
    ? `${number(rating.mean)} из 5 · ${plural(rating.n, "оценка", "оценки", "оценок")}`
    : "нет оценок";
  return [
    ["work", work],
    ["done", experienceText],
    ["star", ratingText],
  ].map(([iconName, text]) => el("span", {}, icon(iconName), text));
}
