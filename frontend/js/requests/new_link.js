/** Link that opens the dialog for a new request. */
import { icon } from "../core/dom.js";
import { pageLink } from "../core/url.js";

export const newRequestLink = () =>
  pageLink({ new: 1 }, { class: "button button--primary", "data-key": "new-request" }, icon("plus"), "Новая заявка");
