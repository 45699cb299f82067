/**
 * People: the calls of `/api/users/`.
 *
 *   const masters = await activeMasters();          // asked once a page
 *   const { items } = await listPeople({ user_type: "Клиент", q: "иван" });
 *   const { password } = await createPerson({ fullname, email, user_type: "Клиент" });
 */
import { get, post } from "./api.js";
import { Role } from "./config.js";

let masters = null;

export const listPeople = (filters, options) => get("/users/", filters, options);
export const createPerson = (body) => post("/users/", body);

/** Masters who can be given work, by name. */
export function activeMasters() {
  masters ??= everyMaster().catch((error) => {
    masters = null;
    throw error;
  });
  return masters;
}

async function everyMaster(cursor = null) {
  const page = await listPeople({ user_type: Role.MASTER, is_active: 1, limit: 100, cursor });
  return page.next_cursor ? [...page.items, ...(await everyMaster(page.next_cursor))] : page.items;
}
