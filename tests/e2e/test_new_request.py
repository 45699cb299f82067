"""A client's request in three steps, its confirmation, and known appliances."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models import Role, Status
from services.common.clock import now
from tests.e2e.conftest import DESKTOP, PHONE, assert_no_sideways_scroll, fill_new_request, go_to_next_step

WASHER = {"techtype": "Стиральная машина", "techmodel": "LG F1096", "serialnumber": "SN-1096-77"}


def at(repair):
    return f"/dashboard.html?request={repair.requestid}"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_three_steps_with_suggestions_lead_to_a_number_and_what_comes_next(new_page, make, sign_in, size):
    page, client = new_page(size), make.user(phone="+7 900 111-22-33")
    for _ in range(3):
        make.request(techtype="Утюг", techmodel="Tefal FV5")
    make.request(client, **WASHER, status=Status.DONE, address="Казань, ул. Баумана, 7")
    sign_in(page, client)
    page.get_by_role("link", name="Новая заявка").first.click()
    expect(page.get_by_role("heading", name="Шаг 1 из 3. Прибор")).to_be_visible()
    page.get_by_label("Вид техники").fill("утюг")
    page.get_by_role("button", name="Tefal FV5").click()
    expect(page.get_by_label("Марка и модель")).to_have_value("Tefal FV5")
    expect(page.get_by_label("Вид техники")).to_have_value("Утюг")
    assert_no_sideways_scroll(page)
    go_to_next_step(page)
    expect(page.get_by_role("heading", name="Шаг 2 из 3. Поломка")).to_be_focused()
    page.get_by_role("button", name="Не греет").click()
    page.get_by_label("Что случилось").press("End")
    page.keyboard.type(", отпаривает")
    go_to_next_step(page)
    expect(page.get_by_label("Телефон")).to_have_value("+7 900 111-22-33")
    expect(page.get_by_label("Адрес")).to_have_value("Казань, ул. Баумана, 7")
    expect(page.get_by_text("Утюг Tefal FV5")).to_be_visible()
    assert_no_sideways_scroll(page)
    page.go_back()
    expect(page.get_by_label("Что случилось")).to_have_value("Не греет, отпаривает")
    page.go_forward()
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", name="Заявка принята")).to_be_focused()
    expect(page.get_by_text("Готово — до")).to_be_visible()
    expect(page.get_by_text("Вопросы:")).to_contain_text("+7 (999) 123-45-67")
    page.get_by_role("button", name="Открыть заявку").click()
    expect(page.get_by_role("region", name="Где мой ремонт")).to_contain_text("Скоро заявку возьмёт мастер")
    page.get_by_role("button", name="Закрыть", exact=True).click()
    expect(page).to_have_url("/dashboard.html")


def test_an_appliance_that_was_here_is_named_with_one_tap_and_its_open_request_is_told(phone, make, sign_in):
    client = make.user()
    open_one = make.request(client, **WASHER)
    make.request(make.user(), **WASHER)
    sign_in(phone, client, "/dashboard.html?new=1")
    phone.get_by_role("button", name="Стиральная машина LG F1096").click()
    expect(phone.get_by_role("heading", name="Шаг 2 из 3")).to_be_visible()
    phone.get_by_role("button", name="Назад").click()
    expect(phone.get_by_label("Серийный номер")).to_have_value("SN-1096-77")
    hint = phone.get_by_role("status").filter(has_text="По этому прибору уже есть открытая заявка")
    expect(hint.get_by_role("link")).to_have_text([f"№ {open_one.requestid}"])


def test_errors_lead_to_their_step_and_the_draft_is_kept_at_each(page, make, sign_in):
    sign_in(page, make.user(), "/dashboard.html?new=1&step=3")
    expect(page.get_by_role("heading", name="Шаг 1 из 3")).to_be_visible()
    page.get_by_label("Вид техники").fill("Утюг")
    page.get_by_label("Вид техники").press("Enter")
    expect(page.get_by_label("Марка и модель")).to_be_focused()
    expect(page.get_by_text("Заполните это поле")).to_be_visible()
    fill_new_request(page)
    page.reload()
    expect(page.get_by_role("heading", name="Шаг 3 из 3")).to_be_visible()
    expect(page.get_by_text("Утюг Tefal FV5")).to_be_visible()
    refusal = {"error": "Проверьте поля", "code": "invalid", "fields": {"techmodel": "Слишком странная модель"}}
    page.route("**/api/requests/", lambda route: route.fulfill(status=422, json=refusal), times=1)
    page.get_by_role("button", name="Отправить заявку").click()
    expect(page.get_by_role("heading", name="Шаг 1 из 3")).to_be_visible()
    expect(page.get_by_label("Марка и модель")).to_be_focused()
    expect(page.get_by_text("Слишком странная модель")).to_be_visible()


def test_the_counter_sees_what_the_client_brought_before(page, make, sign_in):
    client = make.user(fullname="Зайцев Пётр Ильич")
    former = make.request(client, **WASHER, status=Status.DONE)
    sign_in(page, make.user(Role.MANAGER), "/dashboard.html?new=1")
    page.get_by_role("button", name="Зайцев Пётр Ильич").click()
    page.get_by_role("button", name="Стиральная машина LG F1096").click()
    hint = page.get_by_role("status").filter(has_text="Этот прибор уже ремонтировали")
    expect(hint.get_by_role("link", name=f"№ {former.requestid}")).to_be_visible()
    page.get_by_label("Что случилось").fill("Снова шумит")
    page.get_by_role("button", name="Отправить заявку").click()
    page.get_by_role("button", name="Открыть заявку").click()
    dialog = page.get_by_role("dialog", name=re.compile("^Заявка №"))
    dialog.get_by_text("Этот прибор: другие заявки").click()
    dialog.get_by_role("link", name=f"№ {former.requestid} Стиральная машина").click()
    expect(page.get_by_role("dialog", name=f"Заявка № {former.requestid}")).to_be_visible()


def test_a_client_reads_where_the_repair_is_and_says_how_it_went(phone, make, sign_in):
    client, master = make.user(), make.user(Role.MASTER, fullname="Ковалёв Андрей Петрович")
    waiting = make.request(client, master, Status.WAITING_PARTS, duedate=now() - timedelta(days=1))
    make.event(waiting, None, "created", None, "Новая заявка")
    make.event(waiting, master, "accepted", "Новая заявка", "В работе")
    make.event(waiting, master, "status", "В работе", "Ожидает запчасти")
    done = make.request(client, master, Status.DONE)
    sign_in(phone, client, at(waiting))
    steps = phone.get_by_role("region", name="Где мой ремонт").get_by_role("listitem")
    expect(steps).to_have_count(5)
    expect(steps.nth(1)).to_contain_text("Мастер назначен: Ковалёв Андрей Петрович")
    expect(steps.nth(3)).to_contain_text("Ждём запчасть")
    expect(steps.nth(3)).to_contain_text("Позвоните нам: +7 (999) 123-45-67")
    expect(steps.nth(3)).to_have_attribute("aria-current", "step")
    phone.goto("/dashboard.html")
    expect(phone.get_by_role("article").filter(has_text="Ждём запчасть")).to_be_visible()
    phone.get_by_role("link", name="Оценить ремонт").click()
    dialog = phone.get_by_role("dialog", name=f"Заявка № {done.requestid}")
    expect(dialog.get_by_role("link", name="Форма отзыва")).to_have_attribute("href", re.compile("forms.example.org"))
    assert dialog.get_by_alt_text("QR-код формы отзыва").evaluate("image => image.decode().then(() => true)")
    dialog.locator(".rating label").nth(3).click()
    expect(dialog.get_by_role("radio", name="4 из 5")).to_be_checked()
    dialog.get_by_label("Пара слов о ремонте").fill("Быстро")
    dialog.get_by_role("button", name="Поставить оценку").click()
    expect(dialog.get_by_role("button", name="Изменить оценку")).to_be_visible()
    assert_no_sideways_scroll(phone)
