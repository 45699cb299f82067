/**
 * Wizard for a client's request: appliance, fault, contacts with a summary. It is
 * one form that shows one step; the URL names it (`?step=2`), so "back" leads to
 * the previous step.
 *
 *   const { node, ready } = wizardForm(user, send);
 *   ready();     // after a draft has filled the fields
 */
import { deviceHint } from "./same_device.js";
import { deviceSuggestions } from "./device_suggestions.js";
import { el, listen, replace } from "../core/dom.js";
import { firstUnfilled, form, isFilled } from "../ui/form.js";
import { problemChips, serialHint } from "./problem_words.js";
import { contactFields, deviceFields, LABELS, suggestTechtypes } from "./fields.js";
import { go, params } from "../core/url.js";

const TITLES = ["Прибор", "Поломка", "Контакты и проверка"];
const LAST = TITLES.length - 1;

export function wizardForm(user, send) {
  const heading = el("h3", { tabindex: "-1" });
  const bar = el(
    "ol",
    { class: "wizard__bar", "aria-hidden": "true" },
    TITLES.map(() => el("li", {})),
  );
  const steps = TITLES.map((title) =>
    el("fieldset", { class: "form__group" }, el("legend", { class: "visually-hidden" }, title)),
  );
  const back = el("button", { class: "button", type: "button", onclick: () => goTo(shown - 1) }, "Назад");
  const node = form({
    fields: [el("div", { class: "wizard__head" }, heading, bar), steps],
    submit: "Дальше",
    send,
    extra: [back],
    class: "form wizard",
  });
  const submit = node.querySelector("[type=submit]");
  const onShow = fillSteps(node, steps, user);
  let shown = null;

  /** Show the step of the URL, or the first step with a missing value before it. */
  function showStepOfUrl() {
    const wanted = Math.min(LAST, Math.max(0, (Number(params().get("step")) || 1) - 1));
    const missing = firstUnfilled(node, steps.slice(0, wanted));
    if (missing < 0) show(wanted);
    else go(address(missing), { replace: true });
  }

  function show(step) {
    if (step === shown) return;
    const isFirst = shown === null;
    shown = step;
    steps.forEach((part, index) => (part.hidden = index !== step));
    [...bar.children].forEach((mark, index) => mark.toggleAttribute("data-passed", index <= step));
    heading.textContent = `Шаг ${step + 1} из ${TITLES.length}. ${TITLES[step]}`;
    submit.textContent = step === LAST ? "Отправить заявку" : "Дальше";
    back.hidden = step === 0;
    onShow[step]();
    if (!isFirst) heading.focus();
  }

  /** Use "back" for the previous step, so that "forward" works. */
  function goTo(step) {
    if (step === shown - 1 && history.state?.depth) history.back();
    else go(address(step), { inside: true });
  }

  /** Enter and «Дальше» go to the next step; in the last step they submit. */
  function advance(event) {
    if (shown === LAST) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isFilled(node, steps[shown])) goTo(shown + 1);
  }

  node.addEventListener("submit", advance, { capture: true });
  node.addEventListener("reveal", ({ target }) =>
    go(address(steps.findIndex((part) => part.contains(target))), { inside: true }),
  );
  node.addEventListener("go-to-step", ({ detail }) => goTo(detail));
  const stop = listen("url-changed", () => (node.isConnected ? params().has("new") && showStepOfUrl() : stop()));
  return { node, ready: () => onShow.start(showStepOfUrl) };
}

const address = (step) => ({ step: step === 0 ? null : step + 1 });

/** Fill the steps; returns a function per step, called when it is shown, and `start`. */
function fillSteps(node, [device, problem, contacts], user) {
  const [datalist, names, description, serial, ...rest] = deviceFields();
  const [words, summary, own, common] = [
    el("div", {}),
    el("dl", { class: "facts card" }),
    el("div", {}),
    el("div", {}),
  ];
  device.append(own, datalist, names, common, serial, ...rest);
  problem.append(description, words);
  contacts.append(contactFields({ phone: user.phone }), summary);
  const suggestions = deviceSuggestions(node, { onChosen: () => requestStep(node, 1) });
  own.replaceWith(suggestions.own);
  common.replaceWith(suggestions.common);
  const past = deviceHint(node);
  device.append(past.node);
  const { techtype, problemdescription } = node.elements;
  const showSerialHint = () => (serial.querySelector(".field__hint").textContent = serialHint(techtype.value));
  techtype.addEventListener("input", showSerialHint);
  const start = (showStep) => {
    suggestTechtypes(node);
    suggestions.start();
    past.load();
    showStep();
  };
  return Object.assign(
    [
      showSerialHint,
      () => replace(words, problemChips(techtype.value, problemdescription)),
      () => replace(summary, summaryOf(node)),
    ],
    { start },
  );
}

const requestStep = (node, number) => node.dispatchEvent(new CustomEvent("go-to-step", { detail: number }));

function summaryOf(node) {
  const { techtype, techmodel, serialnumber, problemdescription } = node.elements;
  const row = (label, text, number) =>
    el(
      "div",
      {},
      el("dt", {}, label),
      el("dd", {}, text),
      el(
        "dd",
        { class: "facts__change" },
        el(
          "button",
          { class: "link", type: "button", onclick: () => requestStep(node, number) },
          "Изменить",
          el("span", { class: "visually-hidden" }, `: ${label}`),
        ),
      ),
    );
  const device = [
    `${techtype.value} ${techmodel.value}`,
    serialnumber.value.trim() && `, ${LABELS.serialnumber.toLowerCase()} ${serialnumber.value}`,
  ]
    .filter(Boolean)
    .join("");
  return [row("Прибор", device, 0), row(LABELS.problemdescription, problemdescription.value, 1)];
}
