/**
 * Public settings of the organisation from `/api/config`, loaded once per page.
 *
 *   const { organisation, techtypes, password_rules } = await shopConfig();
 */
import { get } from "./api.js";

let answer = null;

export function shopConfig() {
  answer ??= get("/config", {}, { anonymous: true }).catch((error) => {
    answer = null;
    throw error;
  });
  return answer;
}
