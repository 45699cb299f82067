/**
 * Preview «Заявка, поданная сейчас, получит срок …» for the typed, unsaved
 * settings of deadlines and calendar. The server calculates.
 *
 *   deadlinePreview(node, store);    // fills the [data-preview] elements of the forms in `node`
 */
import { LOCALE, TYPING_PAUSE_MS } from "../config.js";
import { debounce } from "../core/dom.js";
import { plural } from "../core/format.js";
import { GROUPS } from "./groups.js";
import { tryDeadlines } from "./store.js";

const NAMES = ["deadlines", "calendar"];
const MOST_HOURS = 50;

export function deadlinePreview(node, store) {
  let controller = null;

  async function draw() {
    const settings = { ...store.settings, ...typed(node) };
    controller?.abort();
    controller = new AbortController();
    const hours = hoursIn(settings);
    const answer = hours.length
      ? await tryDeadlines(hours, settings.working_calendar, settings.timezone, controller.signal).catch(() => null)
      : { items: [] };
    if (answer || !controller.signal.aborted) showDueDates(node, settings, answer);
  }

  node.addEventListener("settings-typed", debounce(draw, TYPING_PAUSE_MS));
  setTimeout(draw);
}

/** Typed settings of both groups. */
function typed(node) {
  const groups = GROUPS.filter(({ id }) => NAMES.includes(id));
  const forms = groups.map((group) => [group, node.querySelector(`form[data-group="${group.id}"]`)]);
  return Object.assign({}, ...forms.map(([group, form]) => form && group.read(form)));
}

const hoursIn = ({ default_deadline_hours: usual, deadline_hours: special }) =>
  [...new Set([usual, ...Object.values(special)])].filter(Number.isInteger).slice(0, MOST_HOURS);

function showDueDates(node, { default_deadline_hours: usual, deadline_hours: special }, answer) {
  const due = new Map(answer?.items.map(({ hours, duedate }) => [hours, duedate]));
  const textOf = (hours) => (due.get(hours) ? inZone(due.get(hours), answer.timezone) : "—");
  for (const output of node.querySelectorAll("[data-preview]")) {
    const { preview } = output.dataset;
    if (preview === "default") output.textContent = sentence(usual, answer, textOf);
    else output.textContent = special[preview] === undefined ? "" : `сейчас: ${textOf(special[preview])}`;
  }
}

function sentence(usual, answer, textOf) {
  if (usual === null) return "Новые заявки будут без срока, если для вида техники не назначен особый.";
  if (!answer) return "С такими рабочими часами срок не сосчитать: проверьте дни и время.";
  return `Заявка, поданная сейчас, получит срок: ${textOf(usual)} (${plural(usual, "рабочий час", "рабочих часа", "рабочих часов")}).`;
}

/** Local time of the organisation. */
const inZone = (iso, timeZone) =>
  new Intl.DateTimeFormat(LOCALE, {
    weekday: "short",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  }).format(new Date(iso));
