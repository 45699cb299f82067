/**
 * One request in full: what it is, what may be done, what has happened.
 * Opened by the URL (`?request=7`). A change made anywhere is loaded again
 * without touching what is being typed: each part has its own place.
 */
import { actionButton } from "../ui/action_button.js";
import { onChangeOfRequest } from "../live/changes.js";
import { OPEN_STATUSES, Role } from "../config.js";
import { commentForm } from "./comment_form.js";
import { openDialog } from "../ui/dialog.js";
import { el, icon, redraw } from "../core/dom.js";
import { requestNumber } from "../core/format.js";
import { loadLate } from "../ui/load_late.js";
import { copyText } from "../ui/clipboard.js";
import { ratingCard, ratingForm } from "./rating.js";
import { actionButtons, openDeadline } from "./actions.js";
import { headPart, peoplePart, problemPart, receiptFoot, receiptHead } from "./view.js";
import { loadComments, loadHistory, loadRequest } from "../requests.js";
import { shopConfig } from "../core/shop_config.js";
import { createScreen, emptyState, skeletonRows } from "../ui/screen.js";
import { stepButtons } from "./undoable_buttons.js";
import { timeline } from "./timeline.js";

export function openRequest({ user, value, onClose }) {
  const requestid = Number(value);
  const body = el("div", { class: "section" });
  const parts = layout(requestid, user);
  const screen = createScreen(body, {
    load: (signal) => load(requestid, user, signal).catch(missing),
    render: (data) => fill(parts, data, user),
    isEmpty: (data) => data === null,
    empty: () => (parts.node.isConnected ? outOfSight() : notFound()),
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

/** A client is told in plain words where the repair is. */
async function load(requestid, user, signal) {
  const plainly = user.user_type === Role.CLIENT ? import("./progress_for_client.js").catch(() => null) : null;
  const [{ data: repair, etag }, history, comments, shop, words] = await Promise.all([
    loadRequest(requestid, signal),
    loadHistory(requestid, signal),
    loadComments(requestid, signal),
    shopConfig(),
    plainly,
  ]);
  return { repair, etag, history, comments, shop, words };
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

/** What was on the screen a moment ago does exist: it is only no longer this person's. */
const outOfSight = () =>
  emptyState({
    iconName: "lock",
    title: "Эта заявка больше не ваша",
    text: "Её взял другой мастер или её передали. Если вы писали комментарий, он сохранён на этом устройстве.",
  });

/** Places that stay while their contents change. What a client thinks of the work stands beside what they read of it. */
function layout(requestid, user) {
  const place = (name) => el("div", { class: `repair__${name} block` });
  const parts = {
    details: place("details"),
    problem: place("problem"),
    actions: place("actions"),
    rating: place("rating"),
    feedback: place("feedback"),
    people: place("people"),
    history: place("history"),
    composer: place("composer"),
  };
  const isClient = user.user_type === Role.CLIENT;
  const verdict = [parts.rating, parts.feedback];
  const feed = el("section", { class: "repair__feed" }, el("h3", {}, "Ход ремонта"), parts.history, parts.composer);
  const side = el("div", { class: "repair__side" }, parts.actions, isClient ? null : verdict, parts.people, tools());
  return {
    ...parts,
    node: el(
      "div",
      { class: "repair" },
      el("div", {}, parts.details, isClient ? verdict : null, parts.problem, devicePart(requestid)),
      side,
      feed,
    ),
  };
}

function fill(parts, { repair, etag, history, comments, shop, words }, user) {
  const may = (action) => repair.allowed.actions.includes(action);
  const edit =
    may("edit") &&
    small("Изменить", "edit", async () =>
      (await loadLate(() => import("./edit_dialog.js")))?.openEdit({ repair, etag, user }),
    );
  const assignButton =
    may("assign") &&
    small(repair.master ? "Сменить мастера" : "Назначить мастера", "person", async () =>
      (await loadLate(() => import("./assign_dialog.js")))?.openAssign(repair),
    );
  const deadlineButton =
    may("deadline") && small(repair.duedate ? "Изменить срок" : "Назначить срок", "clock", () => openDeadline(repair));
  redraw(
    parts.details,
    receiptHead(repair, shop.organisation),
    headPart(repair, words?.repairProgress(repair, history, shop.organisation)),
  );
  redraw(parts.problem, problemPart(repair, edit));
  redraw(parts.actions, actionButtons(repair, user.user_type === Role.MASTER ? stepButtons : undefined));
  redraw(
    parts.people,
    peoplePart(repair, { assignButton, deadlineButton }),
    words?.shopCard(shop.organisation),
    receiptFoot(),
  );
  redraw(parts.history, timeline(history, comments));
  redraw(parts.feedback, words?.feedbackCard(repair, shop.feedback_url));
  fillRating(parts.rating, repair, may("rate"));
  fillComposer(parts.composer, repair, may, user.user_type === Role.MASTER);
  return parts.node;
}

/** Who looks for earlier repairs of the appliance opens it; nobody else waits for them. */
function devicePart(requestid) {
  const place = el("div", { class: "block" });
  const node = el(
    "details",
    { class: "fold" },
    el("summary", { "data-key": "device" }, icon("chevron"), "Этот прибор: другие заявки"),
    place,
  );
  node.addEventListener(
    "toggle",
    async () => node.open && (await loadLate(() => import("./same_device.js")))?.showDevice(place, { requestid }),
  );
  return node;
}

/** A form is drawn once and then left alone, so that a refresh never touches what is being typed. */
function fillComposer(place, { requestid }, may, templates) {
  const wanted = [may("comment"), may("comment_internal")].join();
  if (place.dataset.drawn === wanted) return;
  place.dataset.drawn = wanted;
  redraw(
    place,
    may("comment") &&
      commentForm(requestid, { internal: may("comment_internal"), templates: templates && may("comment_internal") }),
  );
}

function fillRating(place, repair, mayRate) {
  const { rating, requeststatus } = repair;
  const wanted = JSON.stringify([mayRate, rating]);
  if (place.dataset.drawn === wanted) return;
  place.dataset.drawn = wanted;
  const card = (...children) => el("div", { class: "card block" }, children);
  if (mayRate) redraw(place, card(ratingForm(repair)));
  else
    redraw(
      place,
      rating && !OPEN_STATUSES.includes(requeststatus) && card(el("h3", {}, "Оценка клиента"), ratingCard(rating)),
    );
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
