"""Request dialog: link, actions, two users at once, no lost input."""

import pytest
from playwright.sync_api import expect

from models import Role, Status
from tests.e2e.conftest import assert_no_sideways_scroll, fill_sign_in, kill_token
from tests.e2e.fonts import each_font

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def at(repair):
    return f"/dashboard.html?request={repair.requestid}"


@pytest.fixture
def people(make):
    """A client, their master and a manager."""
    return make.user(Role.CLIENT), make.user(Role.MASTER), make.user(Role.MANAGER)


def test_a_link_leads_to_the_request_and_survives_a_reload(page, make, sign_in):
    repair = make.request(techmodel="Bosch WAN 2420")
    sign_in(page, make.user(Role.MANAGER), at(repair))
    expect(page.get_by_role("dialog")).to_contain_text("Bosch WAN 2420")
    page.reload()
    expect(page.get_by_role("dialog")).to_contain_text("Bosch WAN 2420")
    page.get_by_role("button", name="Закрыть", exact=True).click()
    expect(page).to_have_url("/dashboard.html")


def test_what_is_not_visible_does_not_exist(page, make, sign_in):
    sign_in(page, make.user(), at(make.request()))
    expect(page.get_by_role("dialog")).to_contain_text("Заявка не найдена")


@pytest.mark.parametrize(
    ("role", "status", "present", "absent"),
    [
        (
            Role.CLIENT,
            Status.NEW,
            ["Изменить", "Отменить заявку", "Добавить комментарий"],
            ["Назначить мастера", "Принять заявку"],
        ),
        (Role.CLIENT, Status.DONE, ["Поставить оценку"], ["Изменить", "Отменить заявку", "Вернуть по гарантии"]),
        (
            Role.MASTER,
            Status.NEW,
            ["Принять заявку", "Добавить комментарий"],
            ["Изменить", "Начать работу", "Отменить заявку"],
        ),
        (Role.MASTER, Status.IN_PROGRESS, ["Ремонт завершён", "Жду запчасти"], ["Отменить заявку", "Сменить мастера"]),
        (
            Role.MANAGER,
            Status.WAITING_PARTS,
            ["Запчасти пришли", "Отменить заявку", "Сменить мастера", "Назначить срок"],
            ["Поставить оценку"],
        ),
        (Role.ADMIN, Status.DONE, ["Вернуть по гарантии", "Изменить"], ["Сменить мастера", "Назначить срок"]),
        (Role.ADMIN, Status.CANCELLED, ["Изменить"], ["Начать работу", "Отменить заявку"]),
    ],
)
def test_only_what_is_allowed_is_offered(page, make, sign_in, role, status, present, absent):
    user = make.user(role)
    client = user if role is Role.CLIENT else make.user()
    master = user if role is Role.MASTER else make.user(Role.MASTER)
    sign_in(page, user, at(make.request(client, master, status)))
    dialog = page.get_by_role("dialog")
    for name in present:
        expect(dialog.get_by_role("button", name=name, exact=True)).to_be_visible()
    for name in absent:
        expect(dialog.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_a_stale_edit_shows_both_versions_and_keeps_the_typed_text(new_page, make, sign_in, people):
    client, _, manager = people
    repair = make.request(client, problemdescription="Шумит")
    mine, theirs = new_page(), new_page()
    for person, page, text in ((client, mine, "Шумит и течёт"), (manager, theirs, "Шумит на отжиме")):
        sign_in(page, person, at(repair))
        page.get_by_role("button", name="Изменить", exact=True).click()
        page.get_by_label("Что случилось").fill(text)
    theirs.get_by_role("button", name="Сохранить").click()
    expect(theirs.get_by_text("Изменения сохранены")).to_be_visible()
    mine.get_by_role("button", name="Сохранить").click()
    choice = mine.get_by_role("group", name="Что случилось")
    expect(choice.get_by_label("Ваш вариант")).to_be_checked()
    expect(choice).to_contain_text("Шумит и течёт")
    expect(choice).to_contain_text("Шумит на отжиме")
    mine.get_by_role("button", name="Сохранить выбранное").click()
    expect(mine.get_by_text("Изменения сохранены")).to_be_visible()
    assert repair.reload().problemdescription == "Шумит и течёт"


def test_edits_of_different_fields_merge_with_one_click(new_page, make, sign_in, people):
    client, _, manager = people
    repair = make.request(client, problemdescription="Шумит")
    mine, theirs = new_page(), new_page()
    for person, page, label, text in (
        (client, mine, "Что случилось", "Течёт"),
        (manager, theirs, "Серийный номер", "SN-77"),
    ):
        sign_in(page, person, at(repair))
        page.get_by_role("button", name="Изменить", exact=True).click()
        page.get_by_label(label).fill(text)
    theirs.get_by_role("button", name="Сохранить").click()
    expect(theirs.get_by_text("Изменения сохранены")).to_be_visible()
    mine.get_by_role("button", name="Сохранить").click()
    mine.get_by_role("button", name="Сохранить вместе").click()
    expect(mine.get_by_text("Изменения сохранены")).to_be_visible()
    assert (repair.reload().problemdescription, repair.serialnumber) == ("Течёт", "SN-77")


def test_an_edit_is_not_thrown_away_by_accident(page, make, sign_in):
    repair = make.request(problemdescription="Шумит")
    sign_in(page, make.user(Role.MANAGER), at(repair))
    page.get_by_role("button", name="Изменить", exact=True).click()
    page.get_by_label("Что случилось").fill("Стучит")
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="Закрыть без сохранения?").get_by_role("button", name="Не надо").click()
    expect(page.get_by_label("Что случилось")).to_have_value("Стучит")
    page.reload()
    page.get_by_role("button", name="Изменить", exact=True).click()
    expect(page.get_by_label("Что случилось")).to_have_value("Стучит")


def test_a_comment_is_sent_once_and_its_draft_survives(page, make, sign_in, people):
    client, master, _ = people
    sign_in(page, master, at(make.request(client, master)))
    page.get_by_label("Ваш комментарий").fill("Заказал насос")
    page.reload()
    expect(page.get_by_label("Ваш комментарий")).to_have_value("Заказал насос")
    page.get_by_role("button", name="Добавить комментарий").dblclick()
    expect(page.get_by_role("listitem").filter(has_text="Заказал насос")).to_have_count(1)
    expect(page.get_by_label("Ваш комментарий")).to_have_value("")


def test_an_internal_comment_stays_among_the_staff(new_page, make, sign_in, people):
    client, master, _ = people
    repair = make.request(client, master)
    staff, visitor = new_page(), new_page()
    sign_in(staff, master, at(repair))
    staff.get_by_label("Ваш комментарий").fill("Вскрывали до нас")
    staff.get_by_label("Не показывать клиенту").check()
    staff.get_by_role("button", name="Добавить комментарий").click()
    expect(staff.get_by_text("Видят только сотрудники")).to_be_visible()
    sign_in(visitor, client, at(repair))
    expect(visitor.get_by_label("Ваш комментарий")).to_be_visible()
    expect(visitor.get_by_text("Вскрывали до нас")).to_have_count(0)
    expect(visitor.get_by_label("Не показывать клиенту")).to_have_count(0)


def test_an_expired_token_loses_neither_the_page_nor_the_text(page, make, sign_in, people):
    client, master, _ = people
    sign_in(page, master, at(make.request(client, master)))
    page.get_by_label("Ваш комментарий").fill("Насос заменён")
    kill_token(page)
    page.get_by_role("button", name="Добавить комментарий").click()
    expect(page.get_by_role("dialog", name="Войдите ещё раз")).to_be_visible()
    fill_sign_in(page, master.email)
    expect(page.get_by_role("listitem").filter(has_text="Насос заменён")).to_have_count(1)


def test_a_failed_send_goes_again_with_the_same_key(page, make, sign_in, people):
    client, master, _ = people
    sign_in(page, master, at(make.request(client, master)))
    keys = []
    page.on("request", lambda request: request.method == "POST" and keys.append(request.headers.get("idempotency-key")))
    page.route("**/api/comments/", lambda route: route.abort())
    page.get_by_label("Ваш комментарий").fill("Проверил")
    page.get_by_role("button", name="Добавить комментарий").click()
    expect(page.get_by_text("Отправим, когда связь вернётся")).to_be_visible()
    page.unroute_all()
    expect(page.get_by_role("listitem").filter(has_text="Проверил")).to_have_count(1)
    assert len(keys) > 1 and set(keys) == {keys[0]}


def test_cancelling_wants_a_reason(page, make, sign_in):
    client = make.user()
    repair = make.request(client)
    sign_in(page, client, at(repair))
    page.get_by_role("button", name="Отменить заявку").click()
    why = page.get_by_role("dialog", name="Отменить заявку")
    why.get_by_role("button", name="Отменить заявку").click()
    expect(why.get_by_text("Заполните это поле")).to_be_visible()
    why.get_by_label("Почему отменяем").fill("Починил сам")
    why.get_by_role("button", name="Отменить заявку").click()
    expect(page.get_by_role("listitem").filter(has_text="Заявка отменена")).to_contain_text("Починил сам")
    assert repair.reload().requeststatus is Status.CANCELLED


def test_a_manager_assigns_and_sets_a_deadline(page, make, sign_in, people):
    client, master, manager = people
    repair = make.request(client)
    sign_in(page, manager, at(repair))
    page.get_by_role("button", name="Назначить мастера").click()
    page.get_by_label(master.fullname).check()
    page.get_by_role("button", name="Назначить", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text=f"Назначен мастер: {master.fullname}")).to_be_visible()
    page.get_by_role("button", name="Назначить срок").click()
    due = page.get_by_role("dialog", name=f"Срок заявки № {repair.requestid}")
    due.get_by_label("Готово к").fill("2030-05-20T18:00")
    due.get_by_label("Причина").fill("Клиент уезжает")
    due.get_by_role("button", name="Назначить срок").click()
    expect(page.get_by_role("listitem").filter(has_text="Назначен срок: 20 мая 2030")).to_contain_text("Клиент уезжает")
    assert repair.reload().duedate.isoformat() == "2030-05-20T15:00:00+00:00"


def test_stars_work_by_keyboard(page, make, sign_in):
    client = make.user()
    repair = make.request(client, status=Status.DONE)
    sign_in(page, client, at(repair))
    page.get_by_role("button", name="Поставить оценку").click()
    expect(page.get_by_text("Заполните это поле")).to_be_visible()
    page.get_by_role("radio", name="1 из 5: плохо").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("radio", name="5 из 5: отлично")).to_be_checked()
    page.get_by_role("button", name="Поставить оценку").click()
    expect(page.get_by_role("listitem").filter(has_text="Клиент оценил ремонт")).to_be_visible()
    expect(page.get_by_role("button", name="Изменить оценку")).to_be_visible()


def test_what_is_being_typed_is_not_touched_by_another_change(page, make, sign_in, people):
    client, master, _ = people
    sign_in(page, master, at(make.request(client, master)))
    page.get_by_label("Ваш комментарий").fill("Пока пишу")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Жду запчасти").click()
    expect(dialog.get_by_role("button", name="Запчасти пришли")).to_be_visible()
    expect(page.get_by_label("Ваш комментарий")).to_have_value("Пока пишу")


def test_hostile_text_is_shown_as_text(page, make, sign_in, people):
    client, master, manager = people
    repair = make.request(
        client, master, techtype="<b>x</b>", techmodel=HOSTILE, problemdescription=HOSTILE, address=HOSTILE
    )
    make.comment(repair, master, HOSTILE)
    page.on("dialog", lambda dialog: page.problems.append("a script ran"))
    sign_in(page, manager, at(repair))
    expect(page.get_by_role("dialog").locator(".bubble")).to_have_text(HOSTILE)
    expect(page.get_by_role("dialog").get_by_role("heading", name=HOSTILE)).to_be_visible()


@pytest.mark.parametrize("role", list(Role))
def test_fits_a_phone(phone, make, sign_in, role):
    user = make.user(role)
    client = user if role is Role.CLIENT else make.user()
    master = user if role is Role.MASTER else make.user(Role.MASTER)
    repair = make.request(client, master, techmodel="Оченьдлинноеназваниемодели" * 4, problemdescription="слово " * 200)
    make.comment(repair, master, "Длинноеслово" * 30)
    sign_in(phone, user, at(repair))
    dialog = phone.get_by_role("dialog")
    expect(dialog.locator(".bubble")).to_be_visible()
    assert_no_sideways_scroll(phone)
    body = dialog.locator(".dialog__body")
    for font in each_font(phone):
        assert body.evaluate("node => node.scrollWidth <= node.clientWidth"), font
