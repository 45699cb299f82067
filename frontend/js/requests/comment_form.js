/**
 * Comment form. Its draft survives a reload; sending twice adds one comment.
 *
 *   commentForm(requestid, { internal: true })   // staff may hide it from the client
 *   commentForm(requestid, { templates: true, onSent })   // chips with ready phrases
 */
import { el } from "../core/dom.js";
import { attachDraft } from "../offline/drafts.js";
import { checkbox, field, form } from "../ui/form.js";
import { addComment } from "../requests.js";
import { shopConfig } from "../core/shop_config.js";
import { toast } from "../ui/toast.js";

export function commentForm(requestid, { internal, templates = false, onSent = () => {} }) {
  const send = async ({ message, is_internal }) => {
    const body = { requestid, message, ...(is_internal && { is_internal }) };
    const added = await addComment(body, draft.key(body));
    draft.finish();
    node.reset();
    if (added) toast("Комментарий добавлен");
    onSent();
  };
  const hidden = internal && checkbox({ name: "is_internal", label: "Не показывать клиенту" });
  const message = field({ name: "message", label: "Ваш комментарий", rows: 2, required: true, maxlength: 10000 });
  const node = form({
    fields: [message, templates && chips(message.querySelector("textarea"))],
    submit: "Добавить комментарий",
    send,
    extra: [hidden],
    variant: "plain",
  });
  const draft = attachDraft(node, `comment:${requestid}`);
  return node;
}

/** Ready phrases of the organisation. After a phrase with a colon the user continues typing. */
function chips(area) {
  const row = el("div", { class: "chips", role: "group", "aria-label": "Готовые фразы" });
  const chip = (text) =>
    el(
      "button",
      { class: "chip chip--small", type: "button", onclick: () => append(area, text.replace(/:$/, ": ")) },
      text.replace(/:$/, "…"),
    );
  shopConfig().then(
    ({ comment_templates }) => row.append(...comment_templates.map(chip)),
    () => {},
  );
  return row;
}

/** Append a phrase on a new line after the typed text. */
function append(area, text) {
  const before = area.value.trimEnd();
  area.value = before ? `${before}\n${text}` : text;
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}
