/**
 * Who changed settings and accounts: the calls of `/api/audit/`.
 *
 *   const { items, next_cursor } = await loadAudit({ user_id: 7, limit: 5 }, { signal });
 */
import { get } from "../core/api.js";

export const loadAudit = (query, options) => get("/audit/", query, options);
