/**
 * Changes of requests, published to all parts of the page that show requests.
 *
 *   publishChanges([{ requestid: 7, type: "status", version: 3, isForeign: true }]);
 *   publishReload();                        // events may be missing: load everything again
 *   onChanges(({ changes, everything }) => …);
 *   onChangeOfRequest(7, (change) => …);    // `change` is null after publishReload()
 *
 * `type` is an event type of the live feed (`created`, `status`, `comment`, …,
 * `gone`); a change made by this page may have none. `isForeign`: made by another
 * user. Handlers usually call `screen.update` (ui/screen.js).
 */
import { emit, listen } from "../core/dom.js";

const NAME = "requests-changed";
const UNCOUNTED = ["comment", "edited", "rating"];

export const publishChanges = (changes) => emit(NAME, { changes, everything: false });
export const publishReload = () => emit(NAME, { changes: [], everything: true });
export const onChanges = (handler) => listen(NAME, handler);

export function onChangeOfRequest(requestid, handler) {
  return onChanges(({ changes, everything }) => {
    const last = changes.filter((change) => change.requestid === requestid).at(-1);
    if (last || everything) handler(last ?? null);
  });
}

/** True if counts by status, deadline or master may have changed. */
export const changesNumbers = ({ changes, everything }) =>
  everything || changes.some(({ type }) => !UNCOUNTED.includes(type));
