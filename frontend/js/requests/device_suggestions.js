/**
 * Suggestions for a new request: the client's own appliances and common models,
 * filled in with one tap.
 *
 *   const suggestions = deviceSuggestions(form, { onChosen });   // fields techtype, techmodel, serialnumber, clientid?, address?
 *   suggestions.own, suggestions.common      // nodes
 *   suggestions.start();               // after a draft has filled the form
 */
import { TYPING_PAUSE_MS } from "../config.js";
import { debounce, el, icon, replace } from "../core/dom.js";
import { deviceName, loadSuggestions } from "../requests.js";
import { shopConfig } from "../core/shop_config.js";

const OWN_SHOWN = 3;
const NOTHING = { own: [], common: [] };

export function deviceSuggestions(form, { onChosen = () => {} } = {}) {
  const { techtype, techmodel, serialnumber, clientid, address } = form.elements;
  const own = el("div", {});
  const common = el("div", {});
  let asked = null;

  const choose = (device) => {
    put(techtype, device.techtype);
    put(techmodel, device.techmodel);
    put(serialnumber, device.serialnumber ?? "");
    onChosen();
  };

  async function ask() {
    const wanted = {
      techtype: await canonicalTechtype(techtype.value.trim()),
      q: techmodel.value.trim(),
      clientid: clientid?.value,
    };
    const key = (asked = JSON.stringify(wanted));
    const found =
      clientid && !clientid.value && !wanted.techtype ? NOTHING : await loadSuggestions(wanted).catch(() => NOTHING);
    if (asked !== key) return;
    address.setAttribute("value", found.own[0]?.address ?? "");
    replace(own, !wanted.q && found.own.length > 0 && ownDevices(found.own.slice(0, OWN_SHOWN), choose));
    replace(
      common,
      commonModels(
        found.common.filter((model) => model.toLowerCase() !== wanted.q.toLowerCase()),
        techmodel,
      ),
    );
  }

  const askLater = debounce(ask, TYPING_PAUSE_MS);
  for (const control of [techtype, techmodel, clientid]) control?.addEventListener("input", askLater);
  techtype.addEventListener("change", async () => {
    const spelling = await canonicalTechtype(techtype.value.trim());
    if (spelling !== techtype.value) put(techtype, spelling);
  });
  return { own, common, start: ask };
}

const ownDevices = (devices, choose) =>
  el(
    "div",
    { class: "choices", role: "group", "aria-label": "Ваши приборы" },
    devices.map((device) =>
      el(
        "button",
        { class: "choice", type: "button", onclick: () => choose(device) },
        icon("refresh"),
        el("span", {}, el("small", {}, "Повторно"), deviceName(device)),
      ),
    ),
  );

function commonModels(models, techmodel) {
  if (!models.length) return null;
  const chips = models.map((model) =>
    el("button", { class: "chip chip--small", type: "button", onclick: () => put(techmodel, model) }, model),
  );
  return el(
    "div",
    { class: "block block--tight", role: "group", "aria-label": "Частые модели" },
    el("p", { class: "field__hint" }, "Часто приносят:"),
    el("div", { class: "chips" }, chips),
  );
}

/** The organisation's spelling of a type, compared without case, or the typed text. */
async function canonicalTechtype(typed) {
  const { techtypes } = await shopConfig().catch(() => ({ techtypes: [] }));
  return techtypes.find((name) => name.toLowerCase() === typed.toLowerCase()) ?? typed;
}

function put(control, text) {
  control.value = text;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}
