/**
 * API calls of `/api/requests/` and `/api/comments/`.
 *
 *   const { items, next_cursor, total } = await listRequests(filters, { cursor, signal });
 *   const { data: repair, etag } = await loadRequest(7);
 *   await setStatus(7, "Завершена");
 *
 * Each successful change is published (live/changes.js), so that lists, counters
 * and the open dialog load again.
 */
import { call, get, post, put } from "./core/api.js";
import { publishChanges } from "./live/changes.js";
import { LONGEST_PAGE, PAGE_SIZE, Role } from "./config.js";
import { requestNumber } from "./core/format.js";
import { sendOrQueue, sendOrOffer } from "./offline/outbox.js";

export const listRequests = (filters, { cursor, limit = PAGE_SIZE, signal } = {}) =>
  get("/requests/", { ...filters, cursor, limit, count: cursor ? null : 1 }, { signal });

export const loadSummary = (signal) => get("/requests/summary", {}, { signal });
export const loadRequest = (requestid, signal) => call("GET", `/requests/${requestid}`, { signal });

/** All history events and all comments of a request, oldest first. */
export const loadHistory = (requestid, signal) => everyPage(`/requests/${requestid}/history`, {}, signal);
export const loadComments = (requestid, signal) => everyPage("/comments/", { requestid }, signal);

/** Other requests of an appliance, given by `requestid` or by `serialnumber`, `techmodel`, `clientid`. */
export const loadDevice = (device, signal) => get("/requests/device", device, { signal });

/** Appliances of a client, and common models of a type. */
export const loadSuggestions = (wanted, signal) => get("/requests/models", wanted, { signal });

export const loadCandidates = async (requestid, signal) =>
  (await get(`/requests/${requestid}/candidates`, {}, { signal })).items;
export const loadLoad = async (signal) => (await get("/requests/load", {}, { signal })).items;

/** Both resolve to null without a connection; the outbox then sends later. */
export const createRequest = (body, key) =>
  published(
    sendOrQueue({
      path: "/requests/",
      body,
      key,
      what: `новая заявка, ${deviceName(body)}`,
      text: body.problemdescription,
    }),
    null,
    "created",
  );
export const addComment = (body, key) =>
  published(
    sendOrQueue({
      path: "/comments/",
      body,
      key,
      what: `комментарий к заявке ${requestNumber(body.requestid)}`,
      text: body.message,
    }),
    body.requestid,
    "comment",
  );

export const acceptRequest = (requestid) => published(post(`/requests/${requestid}/accept`, {}), requestid);
export const setStatus = (requestid, requeststatus, comment) =>
  published(
    orOffered(
      `/requests/${requestid}/status`,
      { requeststatus, ...(comment && { comment }) },
      `${requestNumber(requestid)}: «${requeststatus}»`,
    ),
    requestid,
  );
export const setMaster = (requestid, masterid, ifMatch) =>
  published(put(`/requests/${requestid}/master`, { masterid }, { ifMatch }), requestid);
export const setDeadline = (requestid, body, ifMatch) =>
  published(put(`/requests/${requestid}/deadline`, body, { ifMatch }), requestid);
export const rate = (requestid, body) =>
  published(
    orOffered(`/requests/${requestid}/rating`, body, `оценка заявки ${requestNumber(requestid)}: ${body.score} из 5`),
    requestid,
  );
export const editRequest = (requestid, body, ifMatch) =>
  published(patch(requestid, body, ifMatch), requestid, "edited");

/** The client's name, or the role if this user may not see it. */
export const clientName = (repair) => repair.client.fullname ?? Role.CLIENT;
export const deviceName = (repair) => `${repair.techtype} ${repair.techmodel}`.trim();

async function everyPage(path, query, signal) {
  const items = [];
  let cursor = null;
  do {
    const page = await get(path, { ...query, cursor, limit: LONGEST_PAGE }, { signal });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor);
  return items;
}

const patch = async (requestid, body, ifMatch) =>
  (await call("PATCH", `/requests/${requestid}`, { body, ifMatch })).data;

const orOffered = (path, body, what) =>
  sendOrOffer(() => put(path, body), { method: "PUT", path, body, what, text: body.comment });

/** Publish a change; also after a refusal because the request has changed meanwhile. */
async function published(promise, requestid, type) {
  try {
    const answer = await promise;
    if (answer) publishChanges([{ requestid: requestid ?? answer.requestid, type, version: answer.version }]);
    return answer;
  } catch (error) {
    if ([404, 409, 412].includes(error.status)) publishChanges([{ requestid }]);
    throw error;
  }
}
