/**
 * Bar of bulk actions at the foot of the page.
 *
 *   bulkBar(selection)      // boards/selection.js; loaded at the first selection
 *
 * Each request is changed by a call of its own, with the usual checks of the
 * server. Refused requests stay selected.
 */
import { ApiError } from "../core/api.js";
import { Status } from "../config.js";
import { confirmAction, openDialog } from "../ui/dialog.js";
import { el, icon, listen, redraw } from "../core/dom.js";
import { field, form } from "../ui/form.js";
import { plural } from "../core/format.js";
import { targets } from "../core/statuses.js";
import { stylesheet } from "../ui/load_late.js";
import { movesOf, needsMaster, needsReason } from "../requests/transitions.js";
import { activeMasters } from "../people/api.js";
import { ifUnchanged } from "../requests/if_unchanged.js";
import { loadCandidates, loadLoad, setMaster, setStatus } from "../requests.js";
import { runBulk } from "./bulk_run.js";
import { SELECTION_CHANGED } from "./selection.js";
import { toastError } from "../ui/toast.js";

const WORDS = ["заявка", "заявки", "заявок"];
const RECOMMENDED = "recommended";

export function bulkBar(selection) {
  const text = el("p", { class: "bulk__count", role: "status" });
  const buttons = [
    tool("Назначить мастера…", "person", () => openMaster(selection)),
    tool("Статус…", "refresh", () => openStatus(selection)),
  ];
  const clear = el(
    "button",
    {
      class: "icon-button",
      type: "button",
      "aria-label": "Снять выбор",
      title: "Снять выбор",
      onclick: selection.clear,
    },
    icon("close"),
  );
  const bar = el(
    "section",
    { class: "bulk", "aria-label": "Выбранные заявки" },
    text,
    el("div", { class: "bulk__tools" }, buttons),
    clear,
  );
  const show = ({ size }) => {
    bar.hidden = !size;
    redraw(text, `Выбрано: ${plural(size, ...WORDS)}`);
  };
  stylesheet("board");
  listen(SELECTION_CHANGED, show);
  show({ size: selection.chosen().length });
  return bar;
}

const tool = (text, iconName, onclick) =>
  el("button", { class: "button", type: "button", "data-key": `bulk-${iconName}`, onclick }, icon(iconName), text);

async function openMaster(selection) {
  const repairs = selection.chosen();
  const [masters, load] = await Promise.all([activeMasters(), loadLoad()]).catch((error) => [
    toastError(error.message),
  ]);
  if (!masters) return;
  const master = field({
    name: "masterid",
    label: "Мастер",
    required: true,
    options: [
      [RECOMMENDED, "Каждой заявке — первый по рекомендации"],
      ...masters.map((one) => [String(one.user_id), `${one.fullname} — ${openWork(one, load)}`]),
    ],
  });
  const send = async ({ masterid }) => {
    dialog.close();
    const assign = masterid === RECOMMENDED ? assignToFirst : (repair) => assignTo(repair, Number(masterid));
    await run(selection, "Назначаем мастера", repairs, assign);
  };
  const dialog = openDialog({
    title: `Мастер: ${plural(repairs.length, ...WORDS)}`,
    body: form({ fields: [master], submit: "Назначить", send }),
    variant: "small",
  });
}

function openWork({ user_id }, load) {
  const work = load.find((one) => one.user_id === user_id);
  return plural(work ? work.new + work.in_progress + work.waiting_parts : 0, "открытая", "открытые", "открытых");
}

async function assignToFirst(repair) {
  const [first] = await loadCandidates(repair.requestid);
  if (!first) throw new ApiError(409, { error: "Нет мастеров, которым её можно дать" });
  await assignTo(repair, first.user_id);
}

/** Refused if another manager has assigned the request meanwhile; the summary says who. */
const assignTo = (repair, masterid) =>
  ifUnchanged(repair, ["masterid"], (ifMatch) => setMaster(repair.requestid, masterid, ifMatch));

function openStatus(selection) {
  const repairs = selection.chosen();
  const status = field({
    name: "requeststatus",
    label: "Новый статус",
    required: true,
    options: targets().map((one) => [one, `${one} — подойдёт ${fitting(repairs, one).length} из ${repairs.length}`]),
  });
  const advice = el("p", { class: "notice notice--warn", role: "status" });
  const comment = field({
    name: "comment",
    label: "Причина",
    rows: 3,
    maxlength: 2000,
    required: true,
    hint: "Увидят все, кому видна заявка",
  });
  const body = form({ fields: [status, advice, comment], submit: "Изменить статус", send: (values) => send(values) });
  const update = () => explain(body, advice, comment, repairs);
  const send = async ({ requeststatus, comment: reason }) => {
    if (requeststatus === Status.CANCELLED && !(await agreeToCancel(repairs))) return;
    dialog.close();
    await run(selection, `Статус «${requeststatus}»`, repairs, ({ requestid }) =>
      setStatus(requestid, requeststatus, reason),
    );
  };
  body.elements.requeststatus.addEventListener("change", update);
  update();
  const dialog = openDialog({ title: `Статус: ${plural(repairs.length, ...WORDS)}`, body, variant: "small" });
}

const fitting = (repairs, status) => repairs.filter((repair) => movesOf(repair).includes(status));

const agreeToCancel = ({ length }) =>
  confirmAction({
    title: `Отменить ${plural(length, "заявку", "заявки", "заявок")}?`,
    text: "Вернуть отменённую заявку в работу нельзя. Клиентам будет видна причина.",
    verb: "Отменить заявки",
    danger: true,
  });

/** Ask for a reason if a request needs one, and warn how many will be refused. */
function explain(body, advice, comment, repairs) {
  const status = body.elements.requeststatus.value;
  const fit = fitting(repairs, status);
  const asksReason = fit.some((repair) => needsReason(repair, status));
  comment.hidden = !asksReason;
  body.elements.comment.disabled = !asksReason;
  const refused = repairs.length - fit.length;
  const withoutMaster = repairs.filter((repair) => needsMaster(repair, status)).length;
  advice.hidden = !refused;
  advice.textContent = `Не подойдёт: ${plural(refused, ...WORDS)}.${withoutMaster ? ` Без мастера: ${withoutMaster} — сначала назначьте.` : ""}`;
}

async function run(selection, title, repairs, act) {
  const { refused, left } = await runBulk({ title, repairs, act });
  selection.retain([...refused.map(({ repair }) => repair), ...left].map(({ requestid }) => requestid));
}
