"""axe finds no violation in later states of a page: loading, failed, overtaken by another user."""

import re

import pytest
from playwright.sync_api import expect

from models import Role, Status
from tests.e2e.axe import broken, held
from tests.e2e.conftest import bearer, dialog, fill_sign_in, kill_token


def test_a_report_that_is_refreshed_told_as_a_table_and_broken(page, look, shop, sign_in):
    sign_in(page, shop[Role.MANAGER], "/statistics.html")
    page.get_by_text("Показать таблицей").first.click()
    expect(page.get_by_role("columnheader", name="Создано").first).to_be_visible()
    look("report as a table")
    with held(page, "**/api/statistics/**"):
        page.get_by_role("link", name="7 дней").click()
        expect(page.locator(".report[aria-busy] .report__panel").first).to_be_visible()
        look("report that is refreshed")
    broken(page, "**/api/statistics/**")
    expect(page.get_by_role("button", name="Повторить").first).to_be_visible()
    look("report that did not come")


def test_the_list_of_the_office(page, look, shop, sign_in):
    sign_in(page, shop[Role.MANAGER])
    page.get_by_text("Фильтры и порядок").click()
    expect(page.get_by_label("Завершены по")).to_be_visible()
    look("filters")
    page.get_by_label("Выбрать все показанные").check()
    page.get_by_role("button", name="Назначить мастера…").click()
    page.get_by_role("dialog").get_by_label("Мастер").select_option(str(shop[Role.MASTER].user_id))
    page.get_by_role("button", name="Назначить", exact=True).click()
    expect(dialog(page, "Назначаем мастера")).to_contain_text("Готово")
    look("summary of what was done and refused")
    page.get_by_role("button", name="Понятно").click()
    page.goto("/dashboard.html?q=никтошин")
    expect(page.get_by_role("heading", name="Ничего не нашлось")).to_be_visible()
    look("nothing found")
    page.goto("/dashboard.html?request=999999")
    expect(page.get_by_role("heading", name="Заявка не найдена")).to_be_visible()
    look("request not found")


def test_a_card_that_is_being_moved(page, look, shop, sign_in):
    sign_in(page, shop[Role.MANAGER], "/dashboard.html?view=board")
    with held(page, "**/api/requests/*/status"):
        expect(page.locator(".lane").first).to_be_visible()
        page.mouse.move(1, 1)
        expect(page.locator(".kanban[data-carries]")).to_be_visible()
        page.get_by_role("button", name=f"Переместить № {shop['full']}").press("Enter")
        dialog(page, "Переместить").get_by_role("button", name="Ожидает запчасти").click()
        expect(page.locator(".kanban-card[aria-busy]")).to_be_visible()
        look("card on its way")


def test_messages_and_questions_of_a_master(page, look, make, shop, sign_in):
    sign_in(page, make.user(Role.MASTER))
    expect(page.get_by_role("heading", name="Сейчас у вас нет работы")).to_be_visible()
    page.get_by_role("button", name="Принять").first.click()
    expect(page.get_by_text("теперь ваша")).to_be_visible()
    look("good news")
    sign_in(page, shop[Role.MASTER], f"/dashboard.html?request={shop['full']}")
    page.route("**/api/requests/*/status", lambda route: route.abort())
    page.get_by_role("dialog").get_by_role("button", name="Ремонт завершён").click()
    page.get_by_role("dialog").get_by_role("button", name="Отправить сейчас").click()
    expect(page.get_by_role("dialog").get_by_text("Нет связи. Отправим")).to_be_visible()
    look("step in the open request that waits")
    page.get_by_role("dialog").get_by_role("button", name="Отменить").click()
    page.get_by_label("Ваш комментарий").fill("Не успел")
    page.route("**/api/comments/", lambda route: route.abort())
    page.get_by_role("button", name="Добавить комментарий").click()
    expect(page.get_by_text("Отправим, когда связь вернётся")).to_be_visible()
    page.keyboard.press("Escape")
    look("what waits to be sent")
    page.get_by_role("button", name="Показать", exact=True).click()
    expect(dialog(page, "Ждёт отправки")).to_be_visible()
    look("list of what waits to be sent")
    page.unroute_all()


@pytest.mark.parametrize("status", list(Status))
def test_where_my_repair_is(page, look, make, sign_in, status):
    client, master = make.user(), make.user(Role.MASTER)
    repair = make.request(client, None if status is Status.NEW else master, status)
    if status is Status.DONE:
        make.rating(repair, 5, comment="Спасибо")
    sign_in(page, client, f"/dashboard.html?request={repair.requestid}")
    expect(page.get_by_role("dialog")).to_contain_text("Ход ремонта")
    look(status.value)


def test_what_was_kept_is_shown_without_a_connection(page, look, shop, sign_in):
    sign_in(page, shop[Role.CLIENT])
    expect(page.get_by_role("article").first).to_be_visible()
    kept = "caches.keys().then((names) => names.some((name) => name.startsWith('technic-kept')))"
    page.wait_for_function(kept)
    page.route("**/api/**", lambda route: route.abort())
    page.reload()
    expect(page.get_by_text("Показано сохранённое")).to_be_visible()
    look("kept")
    page.unroute_all()


def test_a_session_that_ended_and_a_password_that_is_changed(page, look, shop, sign_in):
    sign_in(page, shop[Role.MASTER])
    page.get_by_role("button", name=re.compile("меню$")).click()
    page.get_by_role("button", name="Сменить пароль").click()
    form = dialog(page, "Смена пароля")
    form.get_by_label("Нынешний пароль").fill("Ne-Tot-Parol-1")
    form.get_by_label("Новый пароль").fill("Sovsem-Novyi-Parol-2")
    form.get_by_role("button", name="Сменить пароль").click()
    expect(form.get_by_label("Нынешний пароль")).to_be_focused()
    look("password with an error")
    kill_token(page)
    page.reload()
    expect(dialog(page, "Войдите ещё раз")).to_be_visible()
    look("session that ended")


def test_two_who_edit_the_same(page, look, shop, sign_in, login):
    sign_in(page, shop[Role.MANAGER], f"/dashboard.html?request={shop['full']}")
    page.get_by_role("button", name="Изменить", exact=True).click()
    page.get_by_label("Что случилось").fill("Шумит и течёт")
    page.keyboard.press("Escape")
    question = dialog(page, "Закрыть без сохранения?")
    expect(question).to_be_visible()
    look("question before a text is thrown away")
    question.get_by_role("button", name="Не надо").click()
    login(shop[Role.ADMIN]).patch(
        f"/api/requests/{shop['full']}", json={"problemdescription": "Шумит"}, headers={"If-Match": "*"}
    )
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("group", name="Что случилось")).to_be_visible()
    look("conflict")


def test_the_people_while_loading_broken_and_asked(page, look, shop, sign_in):
    admin, master = shop[Role.ADMIN], shop[Role.MASTER]
    with held(page, "**/api/users/**"):
        sign_in(page, admin, "/users.html")
        expect(page.locator(".skeleton").first).to_be_visible()
        look("people, loading")
    broken(page, "**/api/users/**")
    expect(page.get_by_role("button", name="Повторить").first).to_be_visible()
    look("people, broken")
    page.unroute_all()
    page.goto(f"/users.html?user={master.user_id}")
    page.get_by_role("button", name="Отключить").click()
    expect(dialog(page, "Отключить учётную запись?")).to_be_visible()
    look("question before switching off")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Новый пароль").click()
    page.get_by_role("button", name="Выдать", exact=True).click()
    expect(page.locator(".one-time")).to_be_visible()
    look("one-time password")


def test_the_settings_while_loading_broken_and_typed_in(page, look, shop, sign_in):
    with held(page, "**/api/settings**"):
        sign_in(page, shop[Role.ADMIN], "/settings.html")
        expect(page.locator(".skeleton").first).to_be_visible()
        look("settings, loading")
    broken(page, "**/api/settings**")
    expect(page.get_by_role("button", name="Повторить").first).to_be_visible()
    look("settings, broken")
    page.unroute_all()
    page.reload()
    page.get_by_role("region", name="Организация").get_by_label("Телефон").fill("112")
    expect(page.get_by_text("Не сохранено")).to_be_visible()
    look("settings that are not saved yet")
    page.get_by_role("region", name="Организация").get_by_role("button", name="Отменить").click()
    with held(page, "**/api/audit**"):
        page.goto("/settings.html?view=journal")
        expect(page.locator(".skeleton").first).to_be_visible()
        look("journal, loading")
    page.reload()
    expect(page.get_by_role("heading", name="Журнал пока пуст")).to_be_visible()
    look("journal, empty")


def test_the_first_page_that_says_no(page, look, make):
    user, admin = make.user(Role.MASTER), make.user(Role.ADMIN)
    page.goto("/")
    fill_sign_in(page, user.email, "Ne-Tot-Parol-1")
    expect(page.get_by_role("alert")).to_be_visible()
    look("wrong password")
    headers = bearer(make.token(admin))
    one_time = page.request.post(f"/api/users/{user.user_id}/password", headers=headers).json()["password"]
    fill_sign_in(page, user.email, one_time)
    expect(page.get_by_text("Срок действия пароля истёк")).to_be_visible()
    look("password that must be changed first")


def test_the_search_of_a_master_and_an_empty_part_of_the_day(page, look, make, sign_in):
    master = make.user(Role.MASTER)
    make.request(make.user(), master)
    sign_in(page, master, "/dashboard.html?q=Indesit")
    expect(page.get_by_text("1 заявка")).to_be_visible()
    look("search results of a master")
    page.goto("/dashboard.html?day=overdue")
    expect(page.get_by_role("heading", name="Просрочены: пусто")).to_be_visible()
    look("empty part of the day")
