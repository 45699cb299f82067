/**
 * What the organisation decided, from `/api/config`: asked once a page.
 *
 *   const { organisation, techtypes, password_rules } = await settings();
 */
import { get } from "./api.js";

let answer = null;

export function settings() {
  answer ??= get("/config", {}, { anonymous: true }).catch((error) => {
    answer = null;
    throw error;
  });
  return answer;
}
