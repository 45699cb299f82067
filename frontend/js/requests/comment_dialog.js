/** Dialog to comment on a request from its card: `openComment({ requestid })`. */
import { commentForm } from "./comment_form.js";
import { openDialog } from "../ui/dialog.js";
import { requestNumber } from "../core/format.js";

export function openComment({ requestid }) {
  const node = commentForm(requestid, { internal: true, templates: true, onSent: () => dialog.close() });
  const dialog = openDialog({ title: `Комментарий к ${requestNumber(requestid)}`, body: node, variant: "small" });
  node.elements.message.focus();
}
