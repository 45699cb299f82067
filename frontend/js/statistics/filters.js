/**
 * Filters of the statistics page, in the URL: `period` or `from` and `to`,
 * `techtype`, `masterid`.
 *
 *   const filters = statisticsFilters({ user });
 *   filters.node
 *   filters.useZone("Europe/Moscow");          // zone of "today"; until then the device's
 *   filters.query()                            // query of /api/statistics/
 *   filters.offer({ techtypes, masters, period, by_techtype, by_master });   // choices from the answer
 *   filters.texts()                            // texts of the chosen filters
 */
import { ANY_DAY, isOffice } from "../config.js";
import { el, listen, redraw } from "../core/dom.js";
import { field } from "../ui/form.js";
import { DEFAULT_PRESET, PRESETS, periodOf, today } from "./periods.js";
import { pageLink, params } from "../core/url.js";
import { addOptions, urlForm } from "../ui/url_form.js";

export function statisticsFilters({ user }) {
  let zone;
  const period = () => periodOf(params(), today(zone));
  const read = (name) => period()[name] ?? params().get(name);
  const node = urlForm(
    { read, write: (control) => periodChanges(control, period()), "aria-label": "Период и фильтры" },
    presets(period),
    controls(user),
  );
  const { techtype, masterid } = node.elements;
  return {
    node,
    useZone: (timezone) => (zone = timezone),
    query: () => ({
      from: period().from,
      to: period().to,
      techtype: params().get("techtype"),
      masterid: masterid && params().get("masterid"),
    }),
    offer: (known) => {
      for (const name of ["from", "to"]) showDay(node.elements[name], known.period[name]);
      addOptions(techtype, techtypeChoices(known));
      if (masterid) addOptions(masterid, masterChoices(known));
    },
    texts: () => [techtype, masterid].filter((select) => select?.value).map((select) => select.selectedOptions[0].text),
  };
}

/** Set a date of the period unless the user is typing in it. */
function showDay(control, day) {
  if (control !== document.activeElement) control.value = day;
}

/** Types of the settings, of the figures and of the URL. */
const techtypeChoices = ({ techtypes, by_techtype }) =>
  [...techtypes, ...by_techtype.map(({ techtype }) => techtype), ...params().getAll("techtype")].map((name) => [
    name,
    name,
  ]);

const masterChoices = ({ masters, by_master }) => [
  ...[...masters, ...by_master].map(({ user_id, fullname }) => [String(user_id), fullname]),
  ...params()
    .getAll("masterid")
    .map((id) => [id, `Мастер № ${id}`]),
];

function presets(period) {
  const row = el("div", { class: "chips chips--row", role: "group", "aria-label": "Период" });
  const draw = () =>
    redraw(
      row,
      PRESETS.map(({ id, label }) => preset(id, label, period().preset === id)),
    );
  listen("url-changed", draw);
  return draw();
}

function preset(id, label, chosen) {
  const changes = { period: id === DEFAULT_PRESET ? null : id, from: null, to: null };
  return pageLink(changes, { class: "chip", "aria-current": chosen && "true", "data-key": `period-${id}` }, label);
}

/** A Мастер always sees their own figures and gets no filter by master. */
const controls = (user) =>
  el(
    "div",
    { class: "filters__grid filters__grid--pairs" },
    field({ name: "from", label: "С", plain: true, type: "date", ...ANY_DAY }),
    field({ name: "to", label: "По", plain: true, type: "date", ...ANY_DAY }),
    field({ name: "techtype", label: "Вид техники", plain: true, options: [["", "Любой"]] }),
    isOffice(user) && field({ name: "masterid", label: "Мастер", plain: true, options: [["", "Все мастера"]] }),
  );

/** URL changes for a control. If `from` would exceed `to`, both move; an emptied date changes nothing. */
function periodChanges({ name, value }, { from, to }) {
  if (name === "from") return { period: null, from: value || from, to: value > to ? value : to };
  if (name === "to") return { period: null, from: value && value < from ? value : from, to: value || to };
  return { [name]: value };
}
