/**
 * The requests that are chosen for a common action, by checkboxes. They stay
 * chosen while the list scrolls, sorts and changes around them.
 *
 *   const selection = newSelection(() => list.items());   // in the order of the list, for Shift and for all
 *   selection.box(repair)  selection.boxForAll()          // checkboxes that follow the selection
 *   selection.tellBoxes()                                 // the list has changed: whether all are chosen
 *   selection.chosen()                                    // [repair, …]
 *   selection.keep([7, 9])  selection.clear()
 *   listen("selection-changed", ({ size }) => …)
 */
import { el, emit, listen } from "../core/dom.js";
import { requestNumber } from "../core/format.js";

export const SELECTION_CHANGED = "selection-changed";

export function newSelection(items) {
  const chosen = new Map();
  let last = null;

  function change(action) {
    action();
    emit(SELECTION_CHANGED, { size: chosen.size });
  }

  const put = (repairs, isChosen) =>
    change(() =>
      repairs.forEach((repair) => (isChosen ? chosen.set(repair.requestid, repair) : chosen.delete(repair.requestid))),
    );

  /** With Shift, all between the box that was pressed before and this one. */
  function press({ target, shiftKey }, repair) {
    put(shiftKey && last ? between(items(), last, repair.requestid) : [repair], target.checked);
    last = repair.requestid;
  }

  function box(repair) {
    const { requestid } = repair;
    const input = el("input", {
      type: "checkbox",
      checked: chosen.has(requestid),
      "aria-label": `Выбрать ${requestNumber(requestid)}`,
      "data-key": `pick-${requestid}`,
      "data-pick": requestid,
      onclick: (event) => press(event, repair),
    });
    return el("label", { class: "pick__target" }, input);
  }

  function boxForAll() {
    const input = el("input", {
      type: "checkbox",
      "aria-label": "Выбрать все показанные",
      "data-pick": "all",
      onclick: ({ target }) => put(items(), target.checked),
    });
    return el("label", { class: "pick__target" }, input);
  }

  function tellBoxes() {
    for (const input of document.querySelectorAll("[data-pick]")) {
      const isAll = input.dataset.pick === "all";
      input.checked = isAll
        ? chosen.size > 0 && items().every(({ requestid }) => chosen.has(requestid))
        : chosen.has(Number(input.dataset.pick));
      if (isAll) input.indeterminate = chosen.size > 0 && !input.checked;
    }
  }

  /** As the list knows them now; those that have left it, as they were. */
  function current() {
    const known = new Map(items().map((repair) => [repair.requestid, repair]));
    return [...chosen].map(([requestid, repair]) => known.get(requestid) ?? repair);
  }

  listen(SELECTION_CHANGED, tellBoxes);
  return {
    box,
    boxForAll,
    chosen: current,
    tellBoxes,
    keep: (ids) => change(() => [...chosen.keys()].forEach((id) => ids.includes(id) || chosen.delete(id))),
    clear: () => change(() => chosen.clear()),
  };
}

function between(repairs, one, other) {
  const ends = [one, other].map((id) => repairs.findIndex(({ requestid }) => requestid === id)).sort((a, b) => a - b);
  return ends[0] < 0 ? repairs.filter(({ requestid }) => requestid === other) : repairs.slice(ends[0], ends[1] + 1);
}
