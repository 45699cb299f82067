/**
 * Copying to the clipboard, with the result in a toast.
 *
 *   await copyText("текст")
 */
import { el } from "../core/dom.js";
import { toast, toastError } from "./toast.js";

export async function copyText(text) {
  const copied = navigator.clipboard
    ? await navigator.clipboard.writeText(text).then(
        () => true,
        () => copySelected(text),
      )
    : copySelected(text);
  if (copied) toast("Скопировано");
  else toastError("Браузер не дал скопировать: выделите текст и скопируйте сами.");
}

/** Fallback: over plain HTTP browsers have no `navigator.clipboard`. */
function copySelected(text) {
  const before = document.activeElement;
  const area = el("textarea", { class: "visually-hidden", value: text });
  (before.closest("dialog") ?? document.body).append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  before.focus();
  return copied;
}
