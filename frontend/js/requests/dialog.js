/**
 * Dialog of a request (`?request=7`): data, actions, history, comments. After a
 * change each part is redrawn in its own container, so typed text is not touched.
 */
import { actionButton } from "../ui/action_button.js";
import { onChangeOfRequest } from "../live/changes.js";
import { Role } from "../config.js";
import { commentForm } from "./comment_form.js";
import { openDialog } from "../ui/dialog.js";
import { el, icon, redraw } from "../core/dom.js";
import { requestNumber } from "../core/format.js";
import { loadLate } from "../ui/load_late.js";
import { copyText } from "../ui/clipboard.js";
import { ratingCard, ratingForm } from "./rating.js";
import { actionButtons, openDeadline } from "./actions.js";
import { headPart, peoplePart, problemPart, receiptFoot, receiptHead } from "./dialog_parts.js";
import { loadComments, loadHistory, loadRequest } from "../requests.js";
import { shopConfig } from "../core/shop_config.js";
import { isOpen } from "../core/statuses.js";
import { createScreen, emptyState, skeletonRows } from "../ui/screen.js";
import { moveButtons } from "./undoable_buttons.js";
import { timeline } from "./timeline.js";
import { may } from "./transitions.js";

export function openRequest({ user, value, onClose }) {
  const requestid = Number(value);
  const body = el("div", { class: "section" });
  const parts = layout(requestid, user);
  const screen = createScreen(body, {
    load: (signal) => load(requestid, user, signal).catch(missing),
    render: (data) => fill(parts, data, user),
    isEmpty: (data) => data === null,
    empty: () => (parts.node.isConnected ? noLongerVisible() : notFound()),
    skeleton: () => skeletonRows(5),
  });
  const stop = onChangeOfRequest(requestid, screen.update);
  const dialog = openDialog({
    title: `Заявка ${requestNumber(value)}`,
    body,
    variant: "request",
    onClose: () => {
      stop();
      screen.stop();
      onClose();
    },
  });
  screen.reload();
  return dialog;
}

/** All data of the dialog; for a client also the module with the progress of the repair. */
async function load(requestid, user, signal) {
  const forClient = user.user_type === Role.CLIENT ? import("./progress_for_client.js").catch(() => null) : null;
  const [{ data: repair, etag }, history, comments, shop, progress] = await Promise.all([
    loadRequest(requestid, signal),
    loadHistory(requestid, signal),
    loadComments(requestid, signal),
    shopConfig(),
    forClient,
  ]);
  return { repair, etag, history, comments, shop, progress };
}

function missing(error) {
  if (error.status === 404) return null;
  throw error;
}

const notFound = () =>
  emptyState({
    iconName: "search",
    title: "Заявка не найдена",
    text: "Проверьте номер: возможно, в ссылке опечатка или заявка не ваша.",
  });

/** The request was visible before, so it exists but is no longer this user's. */
const noLongerVisible = () =>
  emptyState({
    iconName: "lock",
    title: "Эта заявка больше не ваша",
    text: "Её взял другой мастер или её передали. Если вы писали комментарий, он сохранён на этом устройстве.",
  });

/** Containers that stay while their contents change. For a client, rating and feedback are next to the progress. */
function layout(requestid, user) {
  const part = (name) => el("div", { class: `repair__${name} block` });
  const parts = {
    details: part("details"),
    problem: part("problem"),
    actions: part("actions"),
    rating: part("rating"),
    feedback: part("feedback"),
    people: part("people"),
    history: part("history"),
    composer: part("composer"),
  };
  const isClient = user.user_type === Role.CLIENT;
  const opinion = [parts.rating, parts.feedback];
  const feed = el("section", { class: "repair__feed" }, el("h3", {}, "Ход ремонта"), parts.history, parts.composer);
  const side = el("div", { class: "repair__side" }, parts.actions, isClient ? null : opinion, parts.people, tools());
  return {
    ...parts,
    node: el(
      "div",
      { class: "repair" },
      el("div", {}, parts.details, isClient ? opinion : null, parts.problem, devicePart(requestid)),
      side,
      feed,
    ),
  };
}

function fill(parts, { repair, etag, history, comments, shop, progress }, user) {
  const edit =
    may(repair, "edit") &&
    small("Изменить", "edit", async () =>
      (await loadLate(() => import("./edit_dialog.js")))?.openEdit({ repair, etag, user }),
    );
  const assignButton =
    may(repair, "assign") &&
    small(repair.master ? "Сменить мастера" : "Назначить мастера", "person", async () =>
      (await loadLate(() => import("./assign_dialog.js")))?.openAssign(repair),
    );
  const deadlineButton =
    may(repair, "deadline") &&
    small(repair.duedate ? "Изменить срок" : "Назначить срок", "clock", () => openDeadline(repair));
  redraw(
    parts.details,
    receiptHead(repair, shop.organisation),
    headPart(repair, progress?.repairProgress(repair, history, shop.organisation)),
  );
  redraw(parts.problem, problemPart(repair, edit));
  redraw(parts.actions, actionButtons(repair, user.user_type === Role.MASTER ? moveButtons : undefined));
  redraw(
    parts.people,
    peoplePart(repair, { assignButton, deadlineButton }),
    progress?.shopCard(shop.organisation),
    receiptFoot(),
  );
  redraw(parts.history, timeline(history, comments));
  redraw(parts.feedback, progress?.feedbackCard(repair, shop.feedback_url));
  fillRating(parts.rating, repair, may(repair, "rate"));
  fillComposer(parts.composer, repair, user.user_type === Role.MASTER);
  return parts.node;
}

/** Other requests of the appliance, loaded when the section is opened. */
function devicePart(requestid) {
  const container = el("div", { class: "block" });
  const node = el(
    "details",
    { class: "fold" },
    el("summary", { "data-key": "device" }, icon("chevron"), "Этот прибор: другие заявки"),
    container,
  );
  node.addEventListener(
    "toggle",
    async () => node.open && (await loadLate(() => import("./same_device.js")))?.showDevice(container, { requestid }),
  );
  return node;
}

/** Draw the comment form once per set of rights, so that a refresh does not touch typed text. */
function fillComposer(container, repair, templates) {
  const [mayComment, internal] = [may(repair, "comment"), may(repair, "comment_internal")];
  const wanted = [mayComment, internal].join();
  if (container.dataset.drawn === wanted) return;
  container.dataset.drawn = wanted;
  redraw(container, mayComment && commentForm(repair.requestid, { internal, templates: templates && internal }));
}

function fillRating(container, repair, mayRate) {
  const { rating, requeststatus } = repair;
  const wanted = JSON.stringify([mayRate, rating]);
  if (container.dataset.drawn === wanted) return;
  container.dataset.drawn = wanted;
  const card = (...children) => el("div", { class: "card block" }, children);
  if (mayRate) redraw(container, card(ratingForm(repair)));
  else redraw(container, rating && !isOpen(requeststatus) && card(el("h3", {}, "Оценка клиента"), ratingCard(rating)));
}

const small = (text, iconName, action) =>
  actionButton({ text, icon: iconName, variant: "small", key: `edit-${iconName}` }, async () => action());

const tools = () =>
  el(
    "div",
    { class: "form__actions" },
    small("Квитанция", "print", () => window.print()),
    small("Скопировать ссылку", "link", () => copyText(location.href)),
  );
