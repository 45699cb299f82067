/**
 * The API, to be read: every operation of our OpenAPI document by subject,
 * with what it takes and what it answers. Swagger UI, with which calls can be
 * tried, comes from its Python package when it is asked for.
 */
import { get } from "../core/api.js";
import { badge } from "../ui/badge.js";
import { el, fileUrl, icon, replace } from "../core/dom.js";
import { plural } from "../core/format.js";
import { loadLate } from "../ui/load_late.js";
import { createScreen, skeletonRows } from "../ui/screen.js";

const SWAGGER = fileUrl("api/docs/assets/").pathname;
const LOOKS = { get: "new", post: "done", put: "progress", patch: "waiting", delete: "urgent" };
const SUBJECTS = {
  Auth: "Вход",
  Users: "Пользователи",
  Requests: "Заявки",
  Comments: "Комментарии",
  Events: "Живая лента",
  Statistics: "Статистика",
  Settings: "Настройки",
  Audit: "Журнал изменений",
  Meta: "О программе",
};

function start() {
  const place = el("div", { class: "section" });
  const screen = createScreen(place, {
    load: (signal) => get("/openapi.json", {}, { anonymous: true, signal }),
    render: draw,
    skeleton: () => skeletonRows(4),
  });
  const attempt = el(
    "button",
    { class: "button", type: "button", onclick: () => openSwagger(place) },
    icon("send"),
    "Попробовать вызовы",
  );
  const source = el("a", { class: "button", href: "/api/openapi.json" }, icon("download"), "openapi.json");
  const head = el(
    "div",
    { class: "page__head" },
    el("h1", {}, "API"),
    el("div", { class: "form__actions" }, attempt, source),
  );
  replace(document.getElementById("main"), head, place).removeAttribute("aria-busy");
  screen.reload();
}

function draw(api) {
  const all = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
  );
  return api.tags.map(({ name }) =>
    subject(
      name,
      all.filter(({ tags }) => tags.includes(name)),
      api,
    ),
  );
}

function subject(name, operations, api) {
  const head = el(
    "div",
    { class: "section__head" },
    el("h2", {}, SUBJECTS[name] ?? name),
    el("p", {}, plural(operations.length, "вызов", "вызова", "вызовов")),
  );
  return el(
    "section",
    { class: "section" },
    head,
    operations.map((operation) => card(operation, api)),
  );
}

function card(operation, api) {
  const { method, path, summary, security } = operation;
  const line = el(
    "summary",
    { class: "operation" },
    badge(LOOKS[method], "dot", method.toUpperCase()),
    el("code", {}, path),
    el("span", { class: "muted" }, summary),
  );
  const fold = el("details", { class: "panel panel--operation" }, line);
  fold.addEventListener(
    "toggle",
    () =>
      fold.childElementCount === 1 &&
      fold.append(
        ...[security && el("p", { class: "with-icon" }, icon("key"), "Нужен токен"), ...parts(operation, api)].filter(
          Boolean,
        ),
      ),
  );
  return fold;
}

function parts({ description, parameters = [], requestBody, responses }, api) {
  const body = requestBody && resolve(Object.values(requestBody.content)[0].schema, api);
  return [
    description && el("p", {}, description),
    parameters.length > 0 &&
      block(
        "Параметры",
        parameters.map(({ name, required, schema, description: more }) => [
          name,
          required,
          [typeOf(schema, api), more],
        ]),
      ),
    body?.properties &&
      block(
        "Тело запроса",
        Object.entries(body.properties).map(([name, schema]) => [
          name,
          body.required?.includes(name),
          [typeOf(schema, api), schema.description],
        ]),
      ),
    block(
      "Ответы",
      Object.entries(responses).map(([status, { description: more, content }]) => [
        status,
        true,
        [more, answerOf(content)],
      ]),
    ),
  ];
}

const block = (title, rows) =>
  el(
    "div",
    { class: "block" },
    el("h3", {}, title),
    el(
      "dl",
      { class: "facts" },
      rows.map(([name, required, texts]) =>
        el(
          "div",
          {},
          el("dt", {}, el("code", {}, name), !required && " — необязательно"),
          el("dd", {}, texts.filter(Boolean).join(". ")),
        ),
      ),
    ),
  );

const answerOf = (content) => {
  const schema = content && Object.values(content)[0].schema;
  return schema?.$ref && !schema.$ref.endsWith("/Error") && schema.$ref.split("/").at(-1);
};

const resolve = (schema, api) => (schema?.$ref ? api.components.schemas[schema.$ref.split("/").at(-1)] : schema);

/** In a word or two: «integer», «string | null», or the values that there are. */
function typeOf(schema, api) {
  const { type, anyOf, enum: values, items, format } = resolve(schema, api) ?? {};
  if (values) return values.map((value) => `«${value}»`).join(", ");
  if (anyOf) return anyOf.map((one) => typeOf(one, api)).join(" | ");
  if (items) return `список: ${typeOf(items, api)}`;
  return [type, format].filter(Boolean).join(", ");
}

/** The bundle is a classic script of many hundred kilobytes: only for whoever wants to try. */
async function openSwagger(place) {
  const stylesheet = el("link", { rel: "stylesheet", href: `${SWAGGER}swagger-ui.css` });
  const script = el("script", { src: `${SWAGGER}swagger-ui-bundle.js` });
  const loaded = new Promise((resolved, rejected) => {
    script.addEventListener("load", resolved);
    script.addEventListener("error", rejected);
  });
  document.head.append(stylesheet, script);
  if ((await loadLate(() => loaded)) === null) return;
  replace(place, el("div", { id: "swagger" }));
  window.SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#swagger",
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
}

start();
