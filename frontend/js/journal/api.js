/**
 * API calls of `/api/audit/`: who changed settings and accounts.
 *
 *   const { items, next_cursor } = await loadAudit({ user_id: 7, limit: 5 }, { signal });
 */
import { get } from "../core/api.js";

export const loadAudit = (query, options) => get("/audit/", query, options);
