/**
 * Cards by keyboard: on a grip Space picks its card up, the arrows choose among
 * the columns that accept it, Space or Enter puts it down, Escape lets it go.
 * Enter on a grip, a tap or a click opens the list of columns.
 *
 *   followKeys(board, { repairOf, move, say, openMenu });
 */
import { requestNumber } from "../core/format.js";
import { lookOf } from "../core/statuses.js";
import { markLanes, markOver, unmarkLanes } from "./move.js";
import { movesOf } from "../requests/transitions.js";

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function followKeys(board, { repairOf, move, say, openMenu }) {
  let held = null;

  const nameOf = (status) => `«${lookOf(status).plural}»`;

  function pickUp(grip) {
    const card = grip.closest(".kanban-card");
    const repair = repairOf(Number(card.dataset.requestid));
    if (!repair || card.ariaBusy) return;
    const places = lanes().filter((status) => status === repair.requeststatus || movesOf(repair).includes(status));
    held = { repair, card, places, at: places.indexOf(repair.requeststatus) };
    card.dataset.lifted = "true";
    board.dataset.dragging = "true";
    markLanes(repair);
    markOver(repair.requeststatus);
    const free = places.filter((status) => status !== repair.requeststatus).map(nameOf);
    say(
      free.length
        ? `Взята ${requestNumber(repair.requestid)}. Стрелками — столбец: ${free.join(", ")}. Пробел — положить, Escape — отменить.`
        : `Взята ${requestNumber(repair.requestid)}, но перенести её некуда.`,
    );
  }

  const lanes = () => [...board.querySelectorAll(".lane")].map(({ dataset }) => dataset.lane);

  function step(by) {
    held.at = (held.at + by + held.places.length) % held.places.length;
    const status = held.places[held.at];
    markOver(status);
    board.querySelector(`.lane[data-lane="${status}"]`).scrollIntoView({ inline: "center", block: "nearest" });
    say(status === held.repair.requeststatus ? `${nameOf(status)}, откуда взята` : nameOf(status));
  }

  function letGo() {
    const { repair, card, places, at } = held;
    held = null;
    delete card.dataset.lifted;
    delete board.dataset.dragging;
    unmarkLanes();
    return { repair, card, status: places[at] };
  }

  function putDown() {
    const { repair, card, status } = letGo();
    if (status === repair.requeststatus) say(`${requestNumber(repair.requestid)} осталась на месте`);
    else move(repair, card, status);
  }

  function cancel() {
    const { repair } = letGo();
    say(`Перенос отменён, ${requestNumber(repair.requestid)} на месте`);
  }

  const WHILE_HELD = { " ": putDown, Enter: putDown, Escape: cancel };

  board.addEventListener("keydown", (event) => {
    const grip = event.target.closest(".kanban-card__grip");
    const action = held
      ? (WHILE_HELD[event.key] ?? (STEPS[event.key] && (() => step(STEPS[event.key]))))
      : grip && event.key === " " && (() => pickUp(grip));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });

  /** The key that picked a card up is not a press of the button when it comes up. */
  board.addEventListener(
    "keyup",
    (event) => event.key === " " && event.target.closest(".kanban-card__grip") && event.preventDefault(),
  );
  board.addEventListener("focusout", () => held && cancel());
  board.addEventListener("click", ({ target }) => {
    const card = target.closest(".kanban-card__grip")?.closest(".kanban-card");
    const repair = card && repairOf(Number(card.dataset.requestid));
    if (repair) openMenu(repair, card);
  });
}
