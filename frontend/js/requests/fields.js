/** Form fields of a request, for creating and editing it. */
import { Priority } from "../config.js";
import { el } from "../core/dom.js";
import { field, pair } from "../ui/form.js";
import { shopConfig } from "../core/shop_config.js";

/** Russian labels of the columns. */
export const LABELS = {
  techtype: "Вид техники",
  techmodel: "Марка и модель",
  serialnumber: "Серийный номер",
  problemdescription: "Что случилось",
  phone: "Телефон",
  address: "Адрес",
  project: "Проект или договор",
  priority: "Срочность",
  duedate: "Срок",
};

/** Columns that the dialog of a request lists below the problem, if they are filled in. */
export const FACTS = ["techtype", "techmodel", "serialnumber", "project", "address"];

const TECHTYPES = "techtypes";

export function deviceFields(repair = {}) {
  return [
    el("datalist", { id: TECHTYPES }),
    pair(
      textField("techtype", repair, {
        required: true,
        maxlength: 100,
        list: TECHTYPES,
        autocomplete: "off",
        hint: "Например: стиральная машина",
      }),
      textField("techmodel", repair, {
        required: true,
        maxlength: 200,
        autocomplete: "off",
        hint: "Написана на корпусе или в паспорте",
      }),
    ),
    textField("problemdescription", repair, {
      required: true,
      maxlength: 10000,
      rows: 4,
      hint: "Когда началось, как проявляется, что уже пробовали",
    }),
    textField("serialnumber", repair, { maxlength: 100, autocomplete: "off", hint: "На наклейке прибора после «S/N»" }),
  ];
}

export const contactFields = (repair = {}) =>
  pair(
    textField("phone", repair, { type: "tel", maxlength: 32, autocomplete: "tel" }),
    textField("address", repair, { maxlength: 300, autocomplete: "street-address" }),
  );

export const officeFields = (repair = {}) => [
  textField("project", repair, { maxlength: 200, autocomplete: "off" }),
  textField(
    "priority",
    { priority: Priority.NORMAL, ...repair },
    { plain: true, options: Object.values(Priority).map((value) => [value, value]) },
  ),
];

/** Offer the organisation's types of appliances while typing. */
export async function suggestTechtypes(node) {
  const { techtypes } = await shopConfig().catch(() => ({ techtypes: [] }));
  node.querySelector(`#${TECHTYPES}`).append(...techtypes.map((value) => el("option", { value })));
}

const textField = (name, repair, rest) => field({ name, label: LABELS[name], value: repair[name], ...rest });
