/**
 * The form for a comment; its draft survives a reload, sending twice adds one.
 *
 *   commentForm(requestid, { internal: true })   // staff may hide it from the client
 */
import { keepDraft } from "./drafts.js";
import { checkbox, field, form } from "./form.js";
import { addComment } from "./requests.js";
import { toast } from "./toast.js";

export function commentForm(requestid, { internal }) {
  const send = async ({ message, is_internal }) => {
    const body = { requestid, message, ...(is_internal && { is_internal }) };
    const made = await addComment(body, draft.key(body));
    draft.finish();
    node.reset();
    if (made) toast("Комментарий добавлен");
  };
  const hidden = internal && checkbox({ name: "is_internal", label: "Не показывать клиенту" });
  const message = field({ name: "message", label: "Ваш комментарий", rows: 2, required: true, maxlength: 10000 });
  const node = form({ fields: [message], submit: "Добавить комментарий", send, extra: [hidden], variant: "plain" });
  const draft = keepDraft(node, `comment:${requestid}`);
  return node;
}
