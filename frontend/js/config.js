/**
 * Constants of the pages. Settings of the organisation (name, techtypes,
 * password rules) come from `/api/config` through core/shop_config.js.
 */

export const API_BASE = "/api";
export const TIMEOUT_MS = 15_000;
export const FILE_TIMEOUT_MS = 600_000;
export const PAGE_SIZE = 20;
/** The most items that the server sends in one page. */
export const LONGEST_PAGE = 100;
export const TYPING_PAUSE_MS = 300;
export const RETRY_SECONDS = 5;

export const LOCALE = "ru-RU";

/** The dates that the server accepts, as attributes of a date input. */
export const ANY_DAY = Object.freeze({ min: "2000-01-01", max: "2099-12-31" });

export const Role = Object.freeze({
  CLIENT: "Клиент",
  MASTER: "Мастер",
  MANAGER: "Менеджер",
  ADMIN: "Администратор",
});

/** What a token may be used for. */
export const Scope = Object.freeze({
  FULL: "full",
  PASSWORD_CHANGE: "password_change",
});

export const Status = Object.freeze({
  NEW: "Новая заявка",
  IN_PROGRESS: "В работе",
  WAITING: "Ожидает запчасти",
  DONE: "Завершена",
  CANCELLED: "Отменена",
});

export const Priority = Object.freeze({
  LOW: "Низкий",
  NORMAL: "Обычный",
  URGENT: "Срочный",
});

/** Appearance of a status (of any: `lookOf` of core/statuses.js): badge variant (style.css), icon (icons.svg), heading of its counter. */
export const STATUS_LOOK = Object.freeze({
  [Status.NEW]: { variant: "new", icon: "new", plural: "Новые" },
  [Status.IN_PROGRESS]: { variant: "progress", icon: "work", plural: "В работе" },
  [Status.WAITING]: { variant: "waiting", icon: "parts", plural: "Ждут запчасти" },
  [Status.DONE]: { variant: "done", icon: "done", plural: "Завершены" },
  [Status.CANCELLED]: { variant: "cancelled", icon: "cancelled", plural: "Отменены" },
});

/** Appearance of a role: icon, plural, what it does, and the query parameter that selects its requests. */
export const ROLE_LOOK = Object.freeze({
  [Role.CLIENT]: {
    icon: "person",
    plural: "Клиенты",
    does: "сдаёт технику и следит за своим ремонтом",
    requests: "clientid",
  },
  [Role.MASTER]: { icon: "work", plural: "Мастера", does: "берёт заявки и чинит", requests: "masterid" },
  [Role.MANAGER]: { icon: "board", plural: "Менеджеры", does: "ведёт все заявки и назначает мастеров" },
  [Role.ADMIN]: { icon: "key", plural: "Администраторы", does: "делает всё, что менеджер, и ведёт учётные записи" },
});

export const Page = Object.freeze({
  SIGN_IN: "/",
  DASHBOARD: "/dashboard.html",
  STATISTICS: "/statistics.html",
  USERS: "/users.html",
  SETTINGS: "/settings.html",
});

const STAFF = [Role.MASTER, Role.MANAGER, Role.ADMIN];
const OFFICE = [Role.MANAGER, Role.ADMIN];

/** Links of the header, with the roles that may open them. */
export const NAVIGATION = Object.freeze([
  { href: Page.DASHBOARD, label: "Панель", icon: "board", roles: Object.values(Role) },
  { href: Page.STATISTICS, label: "Статистика", icon: "chart", roles: STAFF },
  { href: Page.USERS, label: "Пользователи", icon: "people", roles: OFFICE },
  { href: Page.SETTINGS, label: "Настройки", icon: "settings", roles: [Role.ADMIN] },
]);

export const isAdmin = (user) => user.user_type === Role.ADMIN;
export const isOffice = (user) => OFFICE.includes(user.user_type);
