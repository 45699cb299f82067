/** The way to a new request: it opens the dialog that the URL names. */
import { icon } from "./dom.js";
import { pageLink } from "./url.js";

export const newRequestLink = () => pageLink({ new: 1 }, { class: "button button--primary", "data-key": "new-request" }, icon("plus"), "Новая заявка");
