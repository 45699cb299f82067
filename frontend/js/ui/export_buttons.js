/**
 * Buttons that download the shown data as Excel and CSV files.
 *
 *   exportButtons("/requests/export", activeFilters)      // `query` is called at the press
 */
import { actionButton } from "./action_button.js";
import { getFile } from "../core/api.js";
import { el } from "../core/dom.js";

const FORMATS = [
  ["xlsx", "Excel"],
  ["csv", "CSV"],
];

export const exportButtons = (path, query) =>
  FORMATS.map(([format, text]) =>
    actionButton(
      { text: [el("span", { class: "visually-hidden" }, "Скачать "), text], icon: "download", key: `export-${format}` },
      () => save(path, { ...query(), format }),
    ),
  );

/** Download by script: a plain link could not send the token. */
async function save(path, query) {
  const { blob, name } = await getFile(path, query);
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
