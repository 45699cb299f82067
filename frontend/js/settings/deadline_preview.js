/**
 * «Заявка, поданная сейчас, получит срок …»: follows what is typed in the
 * groups of deadlines and of the calendar, saved or not. The server counts.
 *
 *   deadlinePreview(node, store);    // fills the [data-preview] of the forms in `node`
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
    if (answer || !controller.signal.aborted) tell(node, settings, answer);
  }

  node.addEventListener("settings-typed", debounce(draw, TYPING_PAUSE_MS));
  setTimeout(draw);
}

/** What the forms of both groups say now. */
function typed(node) {
  const groups = GROUPS.filter(({ id }) => NAMES.includes(id));
  const forms = groups.map((group) => [group, node.querySelector(`form[data-group="${group.id}"]`)]);
  return Object.assign({}, ...forms.map(([group, form]) => form && group.read(form)));
}

const hoursIn = ({ default_deadline_hours: usual, deadline_hours: special }) =>
  [...new Set([usual, ...Object.values(special)])].filter(Number.isInteger).slice(0, MOST_HOURS);

function tell(node, { default_deadline_hours: usual, deadline_hours: special }, answer) {
  const due = new Map(answer?.items.map(({ hours, duedate }) => [hours, duedate]));
  const say = (hours) => (due.get(hours) ? inZone(due.get(hours), answer.timezone) : "—");
  for (const place of node.querySelectorAll("[data-preview]")) {
    const { preview } = place.dataset;
    if (preview === "default") place.textContent = sentence(usual, answer, say);
    else place.textContent = special[preview] === undefined ? "" : `сейчас: ${say(special[preview])}`;
  }
}

function sentence(usual, answer, say) {
  if (usual === null) return "Новые заявки будут без срока, если для вида техники не назначен особый.";
  if (!answer) return "С такими рабочими часами срок не сосчитать: проверьте дни и время.";
  return `Заявка, поданная сейчас, получит срок: ${say(usual)} (${plural(usual, "рабочий час", "рабочих часа", "рабочих часов")}).`;
}

/** On the clocks of the shop, wherever the reader is. */
const inZone = (iso, timeZone) =>
  new Intl.DateTimeFormat(LOCALE, {
    weekday: "short",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    timeZone,
  }).format(new Date(iso));
