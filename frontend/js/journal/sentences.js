/**
 * Sentences of journal entries that leave names in the nominative:
 * «Иванов Иван Иванович сменил роль: Мастер → Менеджер».
 *
 *   const { iconName, variant, text, changes } = sentenceOf(entry);
 */
import { ROLE_LOOK } from "../config.js";
import { differences, settingName } from "./setting_words.js";

const OPERATOR = "Командная строка сервера";
const FIELDS = { fullname: "Имя", email: "Почта", phone: "Телефон", user_type: "Роль" };
const NOTHING = "не указано";

const KINDS = {
  setting_changed: (entry) => ({
    iconName: "settings",
    text: [by(entry, "изменил"), ` настройку «${settingName(entry.setting)}»`],
    changes: differences(entry.setting, entry.from, entry.to),
  }),
  account_created: created,
  account_changed: changed,
  password_reset: (entry) => ({
    iconName: "key",
    variant: "waiting",
    text: [by(entry, "выдал"), " новый пароль: ", whose(entry)],
  }),
  password_changed: (entry) => ({ iconName: "key", text: [by(entry, "сменил"), " свой пароль"] }),
};

export const sentenceOf = (entry) => (KINDS[entry.kind] ?? (() => ({ iconName: "dot", text: ["Изменение"] })))(entry);

const actorName = ({ actor }) => actor?.fullname ?? OPERATOR;

function created(entry) {
  if (isOwn(entry)) return { iconName: "person", variant: "new", text: [whose(entry), " — регистрация на сайте"] };
  return {
    iconName: ROLE_LOOK[entry.to?.user_type]?.icon ?? "person",
    variant: "new",
    text: [by(entry, "создал"), " учётную запись: ", whose(entry), entry.to?.user_type && ` (${entry.to.user_type})`],
  };
}

/** Access and role have sentences of their own; other changes are listed by field. */
function changed(entry) {
  const { from, to } = entry;
  const names = Object.keys(to ?? {});
  if (names.includes("is_active"))
    return {
      iconName: to.is_active ? "done" : "lock",
      variant: to.is_active ? "done" : "urgent",
      text: [by(entry, to.is_active ? "открыл" : "закрыл"), " вход: ", whose(entry)],
      changes: fields(from, to),
    };
  if (names.join() === "user_type")
    return {
      iconName: "people",
      variant: "progress",
      text: [by(entry, "сменил"), " роль: ", whose(entry)],
      changes: [{ label: null, from: from.user_type, to: to.user_type }],
    };
  return {
    iconName: "edit",
    text: isOwn(entry) ? [by(entry, "изменил"), " свои данные"] : [by(entry, "изменил"), " данные: ", whose(entry)],
    changes: fields(from, to),
  };
}

const fields = (from, to) =>
  Object.keys(FIELDS)
    .filter((name) => name in to)
    .map((name) => ({ label: FIELDS[name], from: from?.[name] ?? NOTHING, to: to[name] ?? NOTHING }));

const isOwn = ({ actor, user }) => actor !== null && actor.user_id === user?.user_id;

/** Placeholders of people; journal/entry.js turns them into names or links. */
const by = (entry, verb) => ({
  person: entry.actor,
  name: actorName(entry),
  verb: entry.actor ? past(verb, entry.actor.fullname) : past(verb, "ая"),
  role: "actor",
});
const whose = ({ user }) => ({ person: user, name: user?.fullname ?? "неизвестная учётная запись", role: "user" });

/** The gender comes from a patronymic or a surname; if both are ambiguous, the verb gets «(а)». */
function past(verb, fullname) {
  if (/(вна|чна|[оеё]ва|[иы]на|ая)(\s|$)/i.test(fullname)) return `${verb}а`;
  return /(ич|[оеё]в|[иы]н|[иыо]й)(\s|$)/i.test(fullname) ? verb : `${verb}(а)`;
}
