/**
 * Confirmation of a new request: its number, what happens next and when.
 *
 *   const { node, heading } = await receipt(repair, close);
 *   const { node, heading } = queuedReceipt(close);      // without a connection: it waits in the outbox
 */
import { el, icon } from "../core/dom.js";
import { moment, phoneLink, requestNumber } from "../core/format.js";
import { copyText } from "../ui/clipboard.js";
import { shopConfig } from "../core/shop_config.js";
import { go, href } from "../core/url.js";

export async function receipt({ requestid, duedate, master }, close) {
  const { organisation } = await shopConfig().catch(() => ({ organisation: {} }));
  const heading = el("h3", { tabindex: "-1" }, "Заявка принята");
  const own = { request: requestid, new: null, step: null };
  const openButton = el(
    "button",
    { class: "button button--primary", type: "button", onclick: () => go(own, { replace: true }) },
    "Открыть заявку",
  );
  const copy = el(
    "button",
    { class: "button", type: "button", onclick: () => copyText(new URL(href(own), location.href).href) },
    icon("link"),
    "Скопировать ссылку",
  );
  const leave = el("button", { class: "button", type: "button", onclick: close }, "Закрыть");
  const number = el("p", { class: "receipt__number" }, requestNumber(requestid));
  const next = el(
    "ol",
    { class: "receipt__next" },
    nextSteps({ duedate, master }).map(([iconName, text]) => el("li", {}, icon(iconName), el("span", {}, text))),
  );
  return {
    heading,
    node: el(
      "div",
      { class: "receipt" },
      icon("done"),
      heading,
      number,
      el("h4", {}, "Что дальше"),
      next,
      questions(organisation),
      el("div", { class: "form__actions" }, openButton, copy, leave),
    ),
  };
}

function nextSteps({ duedate, master }) {
  const who = master
    ? `Заявку получил мастер ${master.fullname}: скоро он возьмёт её в работу.`
    : "Заявку возьмёт мастер, и здесь появится его имя.";
  return [
    ["work", who],
    ["eye", "Каждый шаг ремонта виден на странице заявки."],
    duedate
      ? ["clock", ["Готово — до ", el("strong", {}, moment(duedate)), "."]]
      : ["clock", "Срок назовёт менеджер, он появится в заявке."],
  ];
}

const questions = ({ phone }) =>
  phone && el("p", {}, "Вопросы: ", el("a", { href: phoneLink(phone) }, phone), ". Назовите номер заявки.");

export function queuedReceipt(close) {
  const heading = el("h3", { tabindex: "-1" }, "Заявка сохранена на этом устройстве");
  const leave = el("button", { class: "button button--primary", type: "button", onclick: close }, "Понятно");
  const words = "Связи с сервером сейчас нет. Отправим заявку, когда связь вернётся, — номер появится в списке.";
  return {
    heading,
    node: el(
      "div",
      { class: "receipt" },
      icon("clock"),
      heading,
      el("p", {}, words),
      el("div", { class: "form__actions" }, leave),
    ),
  };
}
