/**
 * API calls of `/api/users/`.
 *
 *   const masters = await activeMasters();          // loaded once per page
 *   const { items } = await listPeople({ user_type: "Клиент", q: "иван" });
 *   const { password } = await createPerson({ fullname, email, user_type: "Клиент" });
 *   await changePerson(7, { is_active: false });
 *   const { password } = await resetPassword(7);
 *
 * After each successful change "person-saved" {user_id} is emitted.
 */
import { call, get, post } from "../core/api.js";
import { LONGEST_PAGE, Role } from "../config.js";
import { emit } from "../core/dom.js";

let masters = null;

export const listPeople = (filters, options) => get("/users/", filters, options);
export const loadPerson = (user_id, signal) => get(`/users/${user_id}`, {}, { signal });
export const createPerson = (body) => saved(post("/users/", body));
export const changePerson = (user_id, body) => saved(call("PATCH", `/users/${user_id}`, { body }), user_id);
export const resetPassword = (user_id) => saved(post(`/users/${user_id}/password`), user_id);

/** Active masters, by name. */
export function activeMasters() {
  masters ??= everyMaster().catch((error) => {
    masters = null;
    throw error;
  });
  return masters;
}

async function everyMaster(cursor = null) {
  const page = await listPeople({ user_type: Role.MASTER, is_active: 1, limit: LONGEST_PAGE, cursor });
  return page.next_cursor ? [...page.items, ...(await everyMaster(page.next_cursor))] : page.items;
}

async function saved(promise, user_id) {
  const answer = await promise;
  emit("person-saved", { user_id: user_id ?? answer.user_id });
  return answer;
}
