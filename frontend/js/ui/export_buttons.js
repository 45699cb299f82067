/**
 * Buttons that download what is on the screen as files.
 *
 *   exportButtons("/requests/export", activeFilters)      // `query` is read at the press
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

/** The token travels in a header, so no plain link could fetch the file. */
async function save(path, query) {
  const { blob, name } = await getFile(path, query);
  const href = URL.createObjectURL(blob);
  el("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}
