/**
 * API documentation: the operations of the OpenAPI document by subject, with
 * parameters, bodies and answers. A button loads Swagger UI, served from its
 * Python package, to try calls.
 */
import { get } from "../core/api.js";
import { badge } from "../ui/badge.js";
import { el, fileUrl, icon, replace } from "../core/dom.js";
import { plural } from "../core/format.js";
import { loadLate } from "../ui/load_late.js";
import { createScreen, skeletonRows } from "../ui/screen.js";

const SWAGGER = fileUrl("api/docs/assets/").pathname;
const VARIANTS = { get: "new", post: "done", put: "progress", patch: "waiting", delete: "urgent" };
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
  const container = el("div", { class: "section" });
  const screen = createScreen(container, {
    load: (signal) => get("/openapi.json", {}, { anonymous: true, signal }),
    render: draw,
    skeleton: () => skeletonRows(4),
  });
  const tryButton = el(
    "button",
    { class: "button", type: "button", onclick: () => openSwagger(container) },
    icon("send"),
    "Попробовать вызовы",
  );
  const source = el("a", { class: "button", href: "/api/openapi.json" }, icon("download"), "openapi.json");
  const head = el(
    "div",
    { class: "page__head" },
    el("h1", {}, "API"),
    el("div", { class: "form__actions" }, tryButton, source),
  );
  replace(document.getElementById("main"), head, container).removeAttribute("aria-busy");
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
    badge(VARIANTS[method], "dot", method.toUpperCase()),
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

/** Short name of a type: «integer», «string | null», or the allowed values. */
function typeOf(schema, api) {
  const { type, anyOf, enum: values, items, format } = resolve(schema, api) ?? {};
  if (values) return values.map((value) => `«${value}»`).join(", ");
  if (anyOf) return anyOf.map((one) => typeOf(one, api)).join(" | ");
  if (items) return `список: ${typeOf(items, api)}`;
  return [type, format].filter(Boolean).join(", ");
}

/** Load Swagger UI, a classic script of many hundred kilobytes. */
async function openSwagger(container) {
  const stylesheet = el("link", { rel: "stylesheet", href: `${SWAGGER}swagger-ui.css` });
  const script = el("script", { src: `${SWAGGER}swagger-ui-bundle.js` });
  const loaded = new Promise((resolved, rejected) => {
    script.addEventListener("load", resolved);
    script.addEventListener("error", rejected);
  });
  document.head.append(stylesheet, script);
  if ((await loadLate(() => loaded)) === null) return;
  replace(container, el("div", { id: "swagger" }));
  window.SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#swagger",
    deepLinking: true,
    persistAuthorization: false,
    validatorUrl: null,
  });
}

start();
