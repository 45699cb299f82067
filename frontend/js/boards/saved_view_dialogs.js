/** Dialogs to save, rename and delete own saved views. */
import { openDialog } from "../ui/dialog.js";
import { field, form } from "../ui/form.js";
import { toast } from "../ui/toast.js";
import { ownViews, removeView, renameView, saveView } from "./saved_views.js";

export const openSave = () =>
  askName(
    {
      title: "Сохранить вид",
      hint: "Запомним фильтры, порядок, список или доску и столбцы — на этом устройстве, для вашей учётной записи.",
      submit: "Сохранить",
    },
    (name) => {
      const isKnown = ownViews().some(({ name: known }) => known === name);
      saveView(name);
      toast(isKnown ? `Вид «${name}» обновлён` : `Вид «${name}» сохранён`);
    },
  );

export const openRename = (savedView) =>
  askName({ title: "Переименовать вид", value: savedView.name, submit: "Переименовать" }, (name) => {
    renameView(savedView.id, name);
    toast(`Теперь вид называется «${name}»`);
  });

export function remove(savedView) {
  const restore = removeView(savedView.id);
  toast(`Вид «${savedView.name}» удалён`, { verb: "Вернуть", action: restore });
}

function askName({ title, hint, value, submit }, done) {
  const name = field({ name: "name", label: "Название", hint, value, required: true, maxlength: 60 });
  const send = async (values) => {
    dialog.close();
    done(values.name);
  };
  const dialog = openDialog({ title, body: form({ fields: [name], submit, send }), variant: "small" });
  dialog.querySelector("input").focus();
}
