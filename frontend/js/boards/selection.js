/**
 * Requests selected by checkboxes for a bulk action. The selection survives
 * scrolling, sorting and changes of the list.
 *
 *   const selection = newSelection(() => list.items());   // in list order, for Shift and «all»
 *   selection.box(repair)  selection.boxForAll()          // checkboxes of the selection
 *   selection.updateBoxes()                                 // after a change of the list
 *   selection.chosen()                                    // [repair, …]
 *   selection.retain([7, 9])  selection.clear()          // deselect all others, or all
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

  /** With Shift, all rows between the last pressed checkbox and this one. */
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

  function updateBoxes() {
    for (const input of document.querySelectorAll("[data-pick]")) {
      const isAll = input.dataset.pick === "all";
      input.checked = isAll
        ? chosen.size > 0 && items().every(({ requestid }) => chosen.has(requestid))
        : chosen.has(Number(input.dataset.pick));
      if (isAll) input.indeterminate = chosen.size > 0 && !input.checked;
    }
  }

  /** The selected requests: as listed now, or as they were if they have left the list. */
  function current() {
    const known = new Map(items().map((repair) => [repair.requestid, repair]));
    return [...chosen].map(([requestid, repair]) => known.get(requestid) ?? repair);
  }

  listen(SELECTION_CHANGED, updateBoxes);
  return {
    box,
    boxForAll,
    chosen: current,
    updateBoxes,
    retain: (ids) => change(() => [...chosen.keys()].forEach((id) => ids.includes(id) || chosen.delete(id))),
    clear: () => change(() => chosen.clear()),
  };
}

function between(repairs, one, other) {
  const ends = [one, other].map((id) => repairs.findIndex(({ requestid }) => requestid === id)).sort((a, b) => a - b);
  return ends[0] < 0 ? repairs.filter(({ requestid }) => requestid === other) : repairs.slice(ends[0], ends[1] + 1);
}
