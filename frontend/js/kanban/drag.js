/**
 * Dragging cards: by mouse at once, by finger on the grip or after a long press,
 * so that columns can still be scrolled. The board scrolls near its edges; Escape
 * cancels.
 *
 *   followDrag(board, { repairOf: (id) => repair, move: (repair, card, status) => … });
 */
import { markLanes, markOver, unmarkLanes } from "./move.js";

const DRAG_AFTER_PX = 6;
const LONG_PRESS_MS = 350;
const EDGE_PX = 56;
const SPEED_PX = 14;

export function followDrag(board, { repairOf, move }) {
  let press = null;

  function begin(event) {
    const card = event.target.closest(".kanban-card");
    if (press || !card || event.button || card.ariaBusy) return;
    const isGrip = Boolean(event.target.closest(".kanban-card__grip"));
    const isFinger = event.pointerType === "touch";
    press = { card, x: event.clientX, y: event.clientY, pointer: event.pointerId, mayMove: isGrip || !isFinger };
    if (!press.mayMove) press.timer = setTimeout(lift, LONG_PRESS_MS);
    listen("addEventListener");
  }

  function listen(method) {
    document[method]("pointermove", onPointerMove);
    document[method]("pointerup", drop);
    document[method]("pointercancel", cancel);
    document[method]("keydown", onKey, true);
    document[method]("touchmove", preventDefault, { passive: false });
    document[method]("contextmenu", preventDefault);
  }

  function onPointerMove(event) {
    if (event.pointerId !== press.pointer) return;
    const isFar = Math.hypot(event.clientX - press.x, event.clientY - press.y) > DRAG_AFTER_PX;
    if (!press.ghost && isFar && !press.mayMove) return cancel();
    if (!press.ghost && isFar) lift();
    if (!press?.ghost) return;
    [press.atX, press.atY] = [event.clientX, event.clientY];
    press.ghost.style.translate = `${press.atX - press.dx}px ${press.atY - press.dy}px`;
    markOver(laneAt(press)?.dataset.lane);
  }

  function lift() {
    press.repair = repairOf(Number(press.card.dataset.requestid));
    if (!press.repair) return cancel();
    const box = press.card.getBoundingClientRect();
    Object.assign(press, {
      ghost: ghostOf(press.card, box),
      dx: press.x - box.left,
      dy: press.y - box.top,
      atX: press.x,
      atY: press.y,
    });
    press.card.dataset.lifted = "true";
    board.dataset.dragging = "true";
    markLanes(press.repair);
    requestAnimationFrame(scrollAlong);
  }

  function scrollAlong() {
    if (!press?.ghost) return;
    const { left, right } = board.getBoundingClientRect();
    if (press.atX < left + EDGE_PX) board.scrollLeft -= SPEED_PX;
    if (press.atX > right - EDGE_PX) board.scrollLeft += SPEED_PX;
    requestAnimationFrame(scrollAlong);
  }

  function drop(event) {
    if (event.pointerId !== press.pointer) return;
    const { ghost, repair, card } = press;
    const lane = ghost && laneAt(press);
    cancel();
    if (ghost) swallowClick();
    if (lane) move(repair, card, lane.dataset.lane);
  }

  function cancel() {
    clearTimeout(press.timer);
    press.ghost?.remove();
    delete press.card.dataset.lifted;
    delete board.dataset.dragging;
    unmarkLanes();
    listen("removeEventListener");
    press = null;
  }

  function onKey(event) {
    if (event.key !== "Escape" || !press.ghost) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
    swallowClick();
  }

  /** While dragging: no scrolling by touch and no context menu. */
  const preventDefault = (event) => press?.ghost && event.cancelable && event.preventDefault();

  board.addEventListener("pointerdown", begin);
  board.addEventListener("dragstart", (event) => event.preventDefault());
}

const laneAt = ({ atX, atY }) => document.elementFromPoint(atX, atY)?.closest("[data-lane]");

function ghostOf(card, { left, top, width }) {
  const ghost = card.cloneNode(true);
  for (const part of ghost.querySelectorAll("[data-key]")) part.removeAttribute("data-key");
  ghost.removeAttribute("data-requestid");
  ghost.classList.add("kanban-card--ghost");
  ghost.inert = true;
  ghost.style.inlineSize = `${width}px`;
  ghost.style.translate = `${left}px ${top}px`;
  document.body.append(ghost);
  return ghost;
}

/** Releasing a card must not click what lies below it. */
function swallowClick() {
  const swallow = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  document.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", swallow, true), 50);
}
