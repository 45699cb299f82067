/**
 * Field for a new password with the organisation's rules below, ticked while
 * typing. The ticks are a hint; the server decides.
 */
import { el, icon } from "../core/dom.js";
import { field } from "./form.js";
import { shopConfig } from "../core/shop_config.js";

/** Text and test of each rule of `password_rules`. */
const RULES = [
  [(rules) => `не короче ${rules.min_length} символов`, (text, rules) => [...text].length >= rules.min_length],
  [(rules) => rules.upper && "заглавная буква", (text) => /\p{Lu}/u.test(text)],
  [(rules) => rules.lower && "строчная буква", (text) => /\p{Ll}/u.test(text)],
  [(rules) => rules.digit && "цифра", (text) => /\p{Nd}/u.test(text)],
  [(rules) => rules.special && "знак: точка, дефис, ! и подобные", (text) => /[^\p{L}\p{N}\s]/u.test(text)],
];

export function passwordField(attributes) {
  const list = el("ul", { class: "rules", "aria-label": "Каким должен быть пароль" });
  const node = field({ type: "password", required: true, autocomplete: "new-password", ...attributes });
  node.querySelector(".field__error").before(list);
  showRules(node.querySelector("input"), list);
  return node;
}

/** If the rules cannot be loaded, the form works without ticks. */
async function showRules(input, list) {
  const rules = await shopConfig().then(
    (answer) => answer.password_rules,
    () => null,
  );
  if (!rules) return;
  const known = RULES.filter(([words]) => words(rules));
  const draw = () =>
    list.replaceChildren(...known.map(([words, test]) => line(words(rules), test(input.value, rules))));
  input.addEventListener("input", draw);
  draw();
}

function line(words, met) {
  return el(
    "li",
    { class: "rules__line", "data-met": String(met) },
    icon(met ? "done" : "dot", met ? "выполнено:" : "нужно:"),
    words,
  );
}
