/**
 * Star rating: five radio buttons with a word for each.
 *
 *   ratingForm(repair)   // for the client
 *   ratingCard(rating)   // for everyone else
 */
import { stars, when } from "../ui/badge.js";
import { el, icon } from "../core/dom.js";
import { field, form } from "../ui/form.js";
import { rate } from "../requests.js";
import { toast } from "../ui/toast.js";

const WORDS = ["плохо", "не очень", "нормально", "хорошо", "отлично"];

export function ratingForm({ requestid, rating }) {
  const send = async ({ score, comment }) => {
    await rate(requestid, { score: Number(score), ...(comment && { comment }) });
    toast("Спасибо за оценку!");
  };
  const comment = field({
    name: "comment",
    label: "Пара слов о ремонте",
    rows: 2,
    maxlength: 2000,
    value: rating?.comment,
  });
  return form({
    fields: [starField(rating?.score), comment],
    submit: rating ? "Изменить оценку" : "Поставить оценку",
    send,
  });
}

export const ratingCard = ({ score, comment, rated_at }) =>
  el(
    "div",
    { class: "block" },
    stars(score),
    comment && el("p", { class: "bubble" }, comment),
    el("p", { class: "event__who" }, when(rated_at)),
  );

function starField(score) {
  const word = el("span", { class: "rating__word", "aria-hidden": "true" }, score ? WORDS[score - 1] : "");
  const row = el(
    "div",
    { class: "rating" },
    WORDS.map((text, index) => star(index + 1, text, index + 1 === score)),
    word,
  );
  row.addEventListener("change", ({ target }) => (word.textContent = WORDS[target.value - 1]));
  const message = el("p", { class: "field__error", hidden: true });
  return el(
    "fieldset",
    { class: "form__group", "data-field": "score" },
    el("legend", { class: "field__label" }, "Как вам ремонт?"),
    row,
    message,
  );
}

function star(value, word, checked) {
  const input = el("input", {
    class: "visually-hidden",
    type: "radio",
    name: "score",
    value,
    checked,
    required: true,
    "aria-label": `${value} из 5: ${word}`,
  });
  return el("label", { title: word }, input, icon("star"));
}
