/**
 * Modules that are loaded when they are wanted.
 *
 *   const module = await late(() => import(…));    // null, and it is said, where that failed
 */
import { toastError } from "./toast.js";

export function late(load) {
  return load().catch(() => {
    toastError("Не получилось открыть: нет связи с сервером. Повторите немного позже.");
    return null;
  });
}
