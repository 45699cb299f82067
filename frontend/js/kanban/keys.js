/**
 * Moving cards by keyboard: Space on a grip picks up its card, arrow keys choose a
 * column, Space or Enter drops it, Escape cancels. Enter, a tap or a click on a
 * grip opens the menu of columns.
 *
 *   followKeys(board, { repairOf, move, announce, openMenu });
 */
import { requestNumber } from "../core/format.js";
import { lookOf } from "../core/statuses.js";
import { markLanes, markOver, unmarkLanes } from "./move.js";
import { movesOf } from "../requests/transitions.js";

const OFFSETS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function followKeys(board, { repairOf, move, announce, openMenu }) {
  let held = null;

  const nameOf = (status) => `«${lookOf(status).plural}»`;

  function pickUp(grip) {
    const card = grip.closest(".kanban-card");
    const repair = repairOf(Number(card.dataset.requestid));
    if (!repair || card.ariaBusy) return;
    const targets = lanes().filter((status) => status === repair.requeststatus || movesOf(repair).includes(status));
    held = { repair, card, targets, at: targets.indexOf(repair.requeststatus) };
    card.dataset.lifted = "true";
    board.dataset.dragging = "true";
    markLanes(repair);
    markOver(repair.requeststatus);
    const others = targets.filter((status) => status !== repair.requeststatus).map(nameOf);
    announce(
      others.length
        ? `Взята ${requestNumber(repair.requestid)}. Стрелками — столбец: ${others.join(", ")}. Пробел — положить, Escape — отменить.`
        : `Взята ${requestNumber(repair.requestid)}, но перенести её некуда.`,
    );
  }

  const lanes = () => [...board.querySelectorAll(".lane")].map(({ dataset }) => dataset.lane);

  function choose(offset) {
    held.at = (held.at + offset + held.targets.length) % held.targets.length;
    const status = held.targets[held.at];
    markOver(status);
    board.querySelector(`.lane[data-lane="${status}"]`).scrollIntoView({ inline: "center", block: "nearest" });
    announce(status === held.repair.requeststatus ? `${nameOf(status)}, откуда взята` : nameOf(status));
  }

  function release() {
    const { repair, card, targets, at } = held;
    held = null;
    delete card.dataset.lifted;
    delete board.dataset.dragging;
    unmarkLanes();
    return { repair, card, status: targets[at] };
  }

  function drop() {
    const { repair, card, status } = release();
    if (status === repair.requeststatus) announce(`${requestNumber(repair.requestid)} осталась на месте`);
    else move(repair, card, status);
  }

  function cancel() {
    const { repair } = release();
    announce(`Перенос отменён, ${requestNumber(repair.requestid)} на месте`);
  }

  const WHILE_HELD = { " ": drop, Enter: drop, Escape: cancel };

  board.addEventListener("keydown", (event) => {
    const grip = event.target.closest(".kanban-card__grip");
    const action = held
      ? (WHILE_HELD[event.key] ?? (OFFSETS[event.key] && (() => choose(OFFSETS[event.key]))))
      : grip && event.key === " " && (() => pickUp(grip));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });

  /** Releasing Space must not click the grip. */
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
