/** The master's day: what is mine, what can be taken, the next status with one tap. */
import { actionButton } from "./action.js";
import { OPEN_STATUSES, Status } from "./config.js";
import { el, icon, replace } from "./dom.js";
import { activeFilters, filterBar, followFilters, hasFilters, nothingFound } from "./filters.js";
import { phoneLink } from "./format.js";
import { ticketCards } from "./request_card.js";
import { requestList } from "./request_list.js";
import { acceptRequest, masterNext, setStatus, transition } from "./requests.js";
import { emptyState } from "./states.js";
import { toast } from "./toast.js";

export function masterBoard(user) {
  const sections = [freshSection(user), mineSection(user)];
  const found = requestList({ query: () => ({ sort: "-startdate", ...activeFilters() }), frame: () => cards(user), empty: nothingFound });
  const board = el("div", { class: "boards" }, sections.map((section) => section.node));
  const place = el("div");

  const show = () => {
    replace(place, hasFilters() ? found.node : board);
    for (const list of hasFilters() ? [found] : sections) list.reload();
  };

  followFilters(show);
  show();
  return { head: el("div", { class: "page__head" }, el("h1", {}, "Моя работа")), content: [filterBar({ placeholder: "Номер, модель, клиент, поломка" }), place] };
}

const freshSection = (user) =>
  section(user, {
    title: "Новые — можно взять",
    query: { requeststatus: Status.NEW, masterid: "none", sort: "startdate" },
    empty: () => emptyState({ iconName: "done", title: "Свободных заявок нет", text: "Как только клиент сдаст прибор в ремонт, заявка появится здесь." }),
  });

const mineSection = (user) =>
  section(user, {
    title: "Мои",
    query: { requeststatus: OPEN_STATUSES, masterid: user.user_id, sort: "duedate" },
    empty: () => emptyState({ iconName: "work", title: "Сейчас у вас нет работы", text: "Возьмите новую заявку или дождитесь, пока её назначит менеджер." }),
  });

function section(user, { title, query, empty }) {
  const list = requestList({ query: () => query, frame: () => cards(user), empty });
  return { node: el("section", { class: "section", "aria-label": title }, el("h2", {}, title), list.node), reload: list.reload };
}

const cards = (user) => ticketCards(user, (repair) => [...steps(repair, user), call(repair)]);

function steps(repair, user) {
  const { requestid, requeststatus, master } = repair;
  if (requeststatus === Status.NEW) return !master || master.user_id === user.user_id ? [accept(requestid)] : [];
  return masterNext(repair).map((status) => step(requestid, status, transition(requeststatus, status)));
}

const accept = (requestid) =>
  actionButton({ text: "Принять", icon: "work", variant: "primary", key: `accept-${requestid}` }, async () => {
    await acceptRequest(requestid);
    toast(`Заявка № ${requestid} теперь ваша`);
  });

const step = (requestid, status, { verb, icon: iconName, variant, done }) =>
  actionButton({ text: verb, icon: iconName, variant, key: `step-${requestid}-${status}` }, async () => {
    await setStatus(requestid, status);
    toast(`№ ${requestid}: ${done}`);
  });

const call = ({ phone, client }) => {
  const number = phone ?? client.phone;
  return number && el("a", { class: "button", href: phoneLink(number) }, icon("phone"), "Позвонить");
};
