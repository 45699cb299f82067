/**
 * What has happened to requests, told to everything that shows them.
 *
 *   publishChanges([{ requestid: 7, type: "status", version: 3, isForeign: true }]);   // live/feed.js
 *   publishReload();                        // something was missed: read it all anew
 *   onChanges((news) => news.everything || news.changes.some(…));
 *   onChangeOfRequest(7, (change) => …);         // `change` is null after everything
 *
 * `type` is that of the live feed (`created`, `status`, `comment`, … and
 * `gone`); what this page has just done itself may have none. `isForeign`:
 * somebody else did it. `view.update` (ui/screen.js) is made to be called so.
 */
import { emit, listen } from "../core/dom.js";

const NAME = "requests-changed";
const UNCOUNTED = ["comment", "edited", "rating"];

export const publishChanges = (changes) => emit(NAME, { changes, everything: false });
export const publishReload = () => emit(NAME, { changes: [], everything: true });
export const onChanges = (handler) => listen(NAME, handler);

export function onChangeOfRequest(requestid, handler) {
  return onChanges(({ changes, everything }) => {
    const mine = changes.filter((change) => change.requestid === requestid).at(-1);
    if (mine || everything) handler(mine ?? null);
  });
}

/** Whether the numbers of requests in each status, of deadlines or of a master's work may differ now. */
export const changesNumbers = ({ changes, everything }) =>
  everything || changes.some(({ type }) => !UNCOUNTED.includes(type));
