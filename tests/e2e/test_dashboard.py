"""Each role's dashboard: counters, list, filters in the URL, loading, empty, error and data."""

import re

import pytest
from playwright.sync_api import expect

from models import Role, Status
from tests.e2e.conftest import assert_no_sideways_scroll, fill_new_request, fill_sign_in, kill_token
from tests.kit.factories import PASSWORD

UNAVAILABLE = {"error": "Сервер временно недоступен", "code": "unavailable"}


def test_a_new_client_is_told_what_to_do(page, make, sign_in):
    sign_in(page, make.user())
    expect(page.get_by_role("heading", name="Заявок пока нет")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Новая заявка").last.click()
    expect(page.get_by_role("dialog", name="Новая заявка")).to_be_visible()


def test_a_client_hands_in_a_request_and_gets_its_number(page, make, sign_in):
    sign_in(page, make.user(), "/dashboard.html?new=1")
    fill_new_request(page)
    page.get_by_role("button", name="Отправить заявку").dblclick()
    expect(page.get_by_role("heading", name="Заявка принята")).to_be_focused()
    number = page.locator(".receipt__number").inner_text()
    page.get_by_role("button", name="Закрыть", exact=True).last.click()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_role("article")).to_contain_text(number)


def test_the_draft_of_a_request_survives_a_reload(page, make, sign_in):
    sign_in(page, make.user(), "/dashboard.html?new=1")
    fill_new_request(page, problem="Искрит")
    page.reload()
    expect(page.get_by_role("heading", name="Шаг 3 из 3")).to_be_visible()
    expect(page.get_by_label("Что случилось")).to_have_value("Искрит")
    page.get_by_role("button", name="Начать с чистого листа").click()
    expect(page.get_by_label("Что случилось")).to_have_value("")


def test_an_expired_token_keeps_what_was_typed_and_the_work_goes_on(page, make, sign_in):
    user = make.user()
    sign_in(page, user, "/dashboard.html?new=1")
    fill_new_request(page, "Чайник", "Vitek", "Течёт")
    kill_token(page)
    page.get_by_role("button", name="Отправить заявку").click()
    again = page.get_by_role("dialog", name="Войдите ещё раз")
    expect(again.get_by_label("Электронная почта")).to_have_value(user.email)
    expect(page.get_by_label("Что случилось")).to_have_value("Течёт")
    fill_sign_in(page, user.email)
    expect(page.get_by_role("heading", name="Заявка принята")).to_be_visible()


def test_a_page_opened_with_a_dead_token_asks_to_sign_in_and_then_loads(page, make, sign_in):
    client = make.user()
    make.request(client, techmodel="Bosch WAN 2420")
    sign_in(page, client, "/favicon.svg")
    kill_token(page)
    page.goto("/dashboard.html")
    expect(page.get_by_role("dialog", name="Войдите ещё раз")).to_be_visible()
    fill_sign_in(page, client.email)
    expect(page.get_by_role("article")).to_contain_text("Bosch WAN 2420")


def test_another_person_never_finishes_what_the_first_began(page, make, sign_in):
    first, second = make.user(), make.user()
    sign_in(page, first, "/dashboard.html?new=1")
    fill_new_request(page, "чужое", "чужое", "чужое")
    kill_token(page)
    page.get_by_role("button", name="Отправить заявку").click()
    fill_sign_in(page, second.email)
    expect(page.get_by_role("dialog", name="Войдите ещё раз")).to_have_count(0)
    expect(page.get_by_label("Что случилось")).to_have_value("")
    page.goto("/dashboard.html")
    expect(page.get_by_role("heading", name="Заявок пока нет")).to_be_visible()


def test_counters_filter_and_the_url_keeps_it(page, make, sign_in):
    client, master = make.user(), make.user(Role.MASTER)
    make.request(client, techmodel="Новый прибор")
    make.request(client, master, techmodel="Прибор в работе")
    sign_in(page, client)
    expect(page.get_by_role("article")).to_have_count(2)
    counter = page.get_by_role("link", name=re.compile("^1 В работе"))
    counter.click()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(counter).to_have_attribute("aria-current", "true")
    page.reload()
    expect(page.get_by_role("article")).to_contain_text("Прибор в работе")
    page.go_back()
    expect(page.get_by_role("article")).to_have_count(2)


def test_search_stays_in_the_url_and_is_easily_undone(page, make, sign_in):
    client = make.user()
    make.request(client, techmodel="Bosch WAN 2420")
    make.request(client, techmodel="Indesit DS 316")
    sign_in(page, client)
    page.get_by_role("searchbox", name="Поиск заявок").fill("bosch")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page).to_have_url("/dashboard.html?q=bosch")
    page.get_by_role("searchbox", name="Поиск заявок").fill("нетакогослова")
    expect(page.get_by_role("heading", name="Ничего не нашлось")).to_be_visible()
    page.get_by_role("button", name="Сбросить").click()
    expect(page.get_by_role("article")).to_have_count(2)


def test_a_shared_link_shows_the_same_list(page, make, sign_in):
    master = make.user(Role.MASTER)
    make.request(master=master, techmodel="Прибор мастера")
    make.request(techmodel="Ничей прибор")
    link = f"/dashboard.html?masterid={master.user_id}&priority=Обычный"
    sign_in(page, make.user(Role.MANAGER), link)
    expect(page.get_by_role("row")).to_have_count(2)
    expect(page.get_by_label("Мастер")).to_have_value(str(master.user_id))
    expect(page.get_by_text("Фильтры и порядок (2)")).to_be_visible()
    page.get_by_label("Мастер").select_option("Не назначен")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Ничей прибор")


def test_the_list_grows_by_pages(page, make, sign_in):
    client = make.user()
    for number in range(23):
        make.request(client, techmodel=f"Модель {number}")
    sign_in(page, make.user(Role.MANAGER))
    expect(page.get_by_text("Показано 20, всего 23 заявки")).to_be_visible()
    page.get_by_text("Показано 20").scroll_into_view_if_needed()
    expect(page.get_by_role("row")).to_have_count(24)
    expect(page.get_by_role("button", name="Показать ещё")).to_have_count(0)


def test_columns_sort(page, make, sign_in):
    for number in range(2):
        make.request(techmodel=f"Модель {number}")
    sign_in(page, make.user(Role.ADMIN))
    page.get_by_role("columnheader", name="Номер").get_by_role("link").click()
    expect(page.get_by_role("columnheader", name="Номер")).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url("/dashboard.html?sort=-requestid")
    page.get_by_role("columnheader", name="Номер").get_by_role("link").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Модель 0")


def test_a_master_takes_a_request_and_finishes_it_with_one_tap_each(phone, make, sign_in):
    make.request(techmodel="Ничей прибор")
    sign_in(phone, make.user(Role.MASTER))
    fresh, mine = phone.get_by_role("region", name="Новые — можно взять"), phone.get_by_role("region", name="Мои")
    fresh.get_by_role("button", name="Принять").click()
    expect(fresh.get_by_role("heading", name="Свободных заявок нет")).to_be_visible()
    expect(mine.get_by_role("article")).to_contain_text("Ничей прибор")
    mine.get_by_role("button", name="Ремонт завершён").click()
    mine.get_by_role("button", name="Отправить сейчас").click()
    expect(mine.get_by_role("heading", name="Сейчас у вас нет работы")).to_be_visible()
    expect(phone.get_by_role("link", name=re.compile("^1 Завершены"))).to_be_visible()
    assert_no_sideways_scroll(phone)


def test_the_slower_master_is_told_and_sees_the_truth(new_page, make, sign_in):
    make.request()
    slow, quick = new_page(), new_page()
    slow.route("**/api/events", lambda route: route.abort())
    sign_in(slow, make.user(Role.MASTER))
    expect(slow.get_by_role("button", name="Принять")).to_be_visible()
    sign_in(quick, make.user(Role.MASTER))
    quick.get_by_role("button", name="Принять").click()
    expect(quick.get_by_text("теперь ваша")).to_be_visible()
    slow.get_by_role("button", name="Принять").click()
    expect(slow.get_by_text("Заявку уже принял другой мастер")).to_be_visible()
    expect(slow.get_by_role("heading", name="Свободных заявок нет")).to_be_visible()


def test_no_connection_is_said_and_healed(page, make, sign_in):
    client = make.user()
    make.request(client)
    for path in ("requests/?*", "health/ready", "events"):
        page.route(f"**/api/{path}", lambda route: route.abort())
    sign_in(page, client)
    page.wait_for_load_state("networkidle")  # A later successful answer would reload the list.
    expect(page.get_by_role("heading", name="Не получилось загрузить")).to_be_visible()
    expect(page.get_by_text("Всё набранное остаётся на месте")).to_be_visible()
    page.unroute("**/api/requests/?*")
    page.get_by_role("button", name="Повторить").evaluate("button => button.click()")
    expect(page.get_by_role("article")).to_be_visible()
    expect(page.get_by_text("Связь с сервером восстановлена").first).to_be_visible()


def test_a_page_whose_scripts_do_not_come_is_loaded_again(page, make, sign_in):
    for path in ("js/bundles/*boards.client.js", "api/health/ready", "api/auth/me", "api/events"):
        page.route(f"**/{path}", lambda route: route.abort())
    client = make.user()
    make.request(client)
    sign_in(page, client)
    expect(page.get_by_role("heading", name="Не получилось загрузить")).to_be_visible()
    page.unroute_all()
    # The page may have reloaded before the press.
    page.get_by_role("button", name="Повторить").evaluate_all("buttons => buttons.forEach((one) => one.click())")
    expect(page.get_by_role("article")).to_be_visible()


def test_an_unavailable_server_is_asked_again_by_itself(page, make, sign_in):
    client = make.user()
    make.request(client)
    page.route(
        "**/api/requests/?*", lambda route: route.fulfill(status=503, headers={"Retry-After": "1"}, json=UNAVAILABLE)
    )
    sign_in(page, client)
    expect(page.locator(".banner")).to_be_visible()
    page.unroute_all()
    expect(page.get_by_role("article")).to_be_visible()
    expect(page.locator(".banner")).to_have_count(0)


def test_everything_by_keyboard(page, make, sign_in):
    repair = make.request()
    sign_in(page, make.user(Role.MANAGER))
    link = page.get_by_role("row").nth(1).get_by_role("link")
    link.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name=f"Заявка № {repair.requestid}")
    expect(dialog.get_by_role("button", name="Отменить заявку")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    expect(page).to_have_url("/dashboard.html")


def test_signing_out_ends_the_session_in_every_tab(page, make, sign_in):
    sign_in(page, make.user(Role.MASTER))
    other = page.context.new_page()
    other.goto("/dashboard.html")
    expect(other.get_by_role("heading", name="Моя работа")).to_be_visible()
    page.get_by_role("button", name=re.compile("меню$")).click()
    page.get_by_role("button", name="Выйти", exact=True).click()
    expect(page.get_by_role("tab", name="Вход")).to_be_visible()
    expect(other.get_by_role("tab", name="Вход")).to_be_visible()
    assert page.request.get("/api/auth/me", headers={"Authorization": f"Bearer {page.token}"}).status == 401


def test_the_manager_takes_an_appliance_in_for_a_new_client(page, make, sign_in):
    sign_in(page, make.user(Role.MANAGER), "/dashboard.html?new=1")
    page.get_by_role("button", name="Новый клиент").click()
    card = page.get_by_role("dialog", name="Новый клиент")
    card.get_by_label("Фамилия, имя, отчество").fill("Зайцев Пётр Ильич")
    card.get_by_label("Электронная почта").fill("petr@example.org")
    card.get_by_role("button", name="Завести клиента").click()
    expect(card.locator(".one-time span")).to_have_text(re.compile(r"\S{8,}"))
    card.get_by_role("button", name="Пароль передан").click()
    form = page.get_by_role("dialog", name="Новая заявка")
    expect(form.get_by_text("Зайцев Пётр Ильич")).to_be_visible()
    form.get_by_label("Вид техники").fill("Утюг")
    form.get_by_label("Марка и модель").fill("Tefal")
    form.get_by_label("Что случилось").fill("Не греет")
    form.get_by_label("Срочность").select_option("Срочный")
    form.get_by_role("button", name="Отправить заявку").click()
    form.get_by_role("button", name="Открыть заявку").click()
    expect(page.get_by_role("dialog", name=re.compile("^Заявка №"))).to_contain_text("Зайцев Пётр Ильич")


@pytest.mark.parametrize("role", list(Role))
def test_fits_a_phone(phone, make, sign_in, role):
    user, master = make.user(role), make.user(Role.MASTER)
    client = user if role is Role.CLIENT else make.user()
    for status in Status:
        mine = user if role is Role.MASTER else master
        make.request(client, None if status is Status.NEW else mine, status, techmodel="Оченьдлинноеназваниемодели" * 4)
    sign_in(phone, user)
    expect(phone.get_by_role("article").first).to_be_visible()
    assert_no_sideways_scroll(phone)


def test_changing_the_password_keeps_this_session_and_ends_the_others(new_page, make, sign_in):
    user = make.user(Role.MASTER)
    here, there = new_page(), new_page()
    sign_in(here, user)
    sign_in(there, user)
    here.get_by_role("button", name=re.compile("меню$")).click()
    here.get_by_role("button", name="Сменить пароль").click()
    form = here.get_by_role("dialog", name="Смена пароля")
    form.get_by_label("Нынешний пароль").fill("Ne-Tot-Parol-1")
    form.get_by_label("Новый пароль").fill("Sovsem-Novyi-Parol-2")
    form.get_by_role("button", name="Сменить пароль").click()
    expect(form.get_by_label("Нынешний пароль")).to_be_focused()
    form.get_by_label("Нынешний пароль").fill(PASSWORD)
    form.get_by_role("button", name="Сменить пароль").click()
    expect(here.get_by_text("Пароль изменён")).to_be_visible()
    here.reload()
    expect(here.get_by_role("heading", name="Моя работа")).to_be_visible()
    there.reload()
    expect(there.get_by_role("dialog", name="Войдите ещё раз")).to_be_visible()
