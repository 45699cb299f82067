/** First page: sign-in and registration. Redirects a signed-in user to the dashboard or `?next=`. */
import "../live/connection_banner.js";
import "../offline/register_worker.js";
import { registrationForm, signInForm } from "../auth.js";
import { el, icon, listen, replace } from "../core/dom.js";
import { phoneLink } from "../core/format.js";
import { currentUser } from "../core/session.js";
import { shopConfig } from "../core/shop_config.js";
import { tabs } from "../ui/tabs.js";
import { params, safeNext } from "../core/url.js";

const TITLES = { "sign-in": "Вход — Техник", registration: "Регистрация — Техник" };

const redirect = () => location.replace(safeNext(params().get("next")));

function drawForms() {
  const choices = [
    { id: "sign-in", label: "Вход", panel: signInForm({ onSignedIn: redirect }) },
    { id: "registration", label: "Регистрация", panel: registrationForm({ onSignedIn: redirect }) },
  ];
  const onSelect = (id) => (document.title = TITLES[id]);
  const selected = location.hash === "#registration" ? "registration" : "sign-in";
  replace(document.getElementById("door"), tabs("Вход и регистрация", choices, { selected, onSelect }));
}

async function drawContacts() {
  const { organisation } = await shopConfig();
  const { name, phone, email, address, hours } = organisation;
  replace(
    document.getElementById("contacts"),
    name && el("strong", {}, name),
    phone && el("a", { href: phoneLink(phone) }, icon("phone"), phone),
    email && el("a", { href: `mailto:${email}` }, icon("mail"), email),
    address && el("span", {}, icon("place"), address),
    hours && el("span", {}, icon("clock"), hours),
  );
}

if (currentUser()) {
  redirect();
} else {
  listen("session-started", redirect);
  drawForms();
  drawContacts().catch(() => {});
}
