"""Manager's desk: thousands of rows, personal views, the board, bulk changes, keyboard."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert, select

from database import db
from models import RepairRequest, Role, Status
from services.common.clock import now
from tests.e2e.conftest import assert_no_sideways_scroll, eventually

BOARD = "/dashboard.html?view=board"
FRAMES = """async () => {
    const step = () => new Promise((resolve) => requestAnimationFrame(resolve));
    for (let count = 0; count < 40; count += 1) { window.scrollBy(0, 700); await step(); await step(); }
}"""


@pytest.fixture
def manager(make):
    return make.user(Role.MANAGER)


@pytest.fixture
def master(make):
    return make.user(Role.MASTER, fullname="Быстров Иван Ильич")


@pytest.fixture
def many(app, make):
    """Call it with a number: that many new requests of one client, the newest first by number."""
    client = make.user()

    def add(count):
        common = {"clientid": client.user_id, "techtype": "Утюг", "problemdescription": "Не греет"}
        rows = [
            common | {"techmodel": f"Модель {n:05}", "startdate": now() - timedelta(minutes=n)} for n in range(count)
        ]
        with app.app_context():
            db.session.execute(insert(RepairRequest), rows)
            db.session.commit()

    return add


def statuses_of(app):
    with app.app_context():
        return dict(db.session.execute(select(RepairRequest.requestid, RepairRequest.requeststatus)).all())


def open_board(sign_in, page, user, address=BOARD):
    """Open the board and move the mouse: dragging is loaded on the first input."""
    sign_in(page, user, address)
    expect(page.locator(".lane").first).to_be_visible()
    page.mouse.move(1, 1)
    expect(page.locator(".kanban[data-carries]")).to_be_visible()


def lane(page, name):
    return page.locator("section.lane").filter(has=page.get_by_role("heading", name=name))


def card(page, repair):
    return page.locator(f".kanban li[data-requestid='{repair.requestid}']")


def grip(page, repair):
    return card(page, repair).get_by_role("button", name="Переместить")


def drag(page, repair, target):
    """Drag the card over the column and check; the caller drops it."""
    page.locator(".kanban").evaluate("(node) => node.scrollIntoView({ block: 'end' })")
    page.mouse.move(*middle(card(page, repair)))
    page.mouse.down()
    page.mouse.move(*middle(target), steps=6)


def middle(locator):
    box = eventually(locator.bounding_box, lambda box: box is not None)  # None while it is redrawn.
    return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 300)


def test_ten_thousand_requests_scroll_and_the_page_stays_light(page, make, sign_in, manager, many):
    many(9_999)
    sign_in(page, manager)
    expect(page.get_by_text(re.compile(r"Показано 20, всего 9\s999 заявок"))).to_be_visible()
    page.evaluate(FRAMES)
    shown = page.get_by_role("status").filter(has_text=re.compile("Показано"))
    expect(shown).to_have_text(re.compile(r"Показано [2-9]\d\d"))
    assert page.locator("tbody tr").count() < 260
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-key^=request-]:focus")).to_be_visible()
    focused = page.evaluate("document.activeElement.dataset.key")
    top = "document.activeElement.getBoundingClientRect().top"
    before = page.evaluate(top)
    fresh = make.request(techmodel="Только что принят", startdate=now())
    make.event(fresh, manager, "created")
    expect(page.get_by_text(re.compile(r"всего 10\s000 заявок"))).to_be_visible()
    assert page.evaluate("document.activeElement.dataset.key") == focused
    assert abs(page.evaluate(top) - before) < 4
    page.evaluate("document.activeElement.blur()")
    page.reload()
    expect(page.locator(f"[data-key={focused}]")).to_be_in_viewport()
    page.keyboard.press("Home")
    expect(page.get_by_role("row").filter(has_text="Только что принят")).to_be_in_viewport()


def test_everyone_has_their_own_columns_and_density(new_page, make, sign_in, manager):
    make.request(serialnumber="SN-500", master=make.user(Role.MASTER))
    mine, other = new_page(), new_page()
    sign_in(mine, manager)
    mine.get_by_role("button", name="Настроить вид").click()
    mine.get_by_label("Серийный номер").check()
    mine.get_by_label("Клиент").last.uncheck()
    mine.get_by_label("Плотная").check()
    mine.keyboard.press("Escape")
    for _ in range(2):
        expect(mine.get_by_role("columnheader", name="Серийный номер")).to_be_visible()
        expect(mine.get_by_role("columnheader", name="Клиент")).to_have_count(0)
        expect(mine.get_by_role("row").nth(1)).to_contain_text("SN-500")
        expect(mine.locator("[data-density=dense]")).to_be_visible()
        mine.reload()
    sign_in(other, make.user(Role.ADMIN))
    expect(other.get_by_role("columnheader", name="Клиент")).to_be_visible()


def test_a_view_is_named_used_renamed_and_comes_back_when_deleted_by_mistake(page, make, sign_in, manager):
    make.request(priority="Срочный", techmodel="Срочный прибор")
    make.request(techmodel="Обычный прибор")
    sign_in(page, manager, "/dashboard.html?priority=Срочный&sort=duedate")
    views = page.get_by_role("navigation", name="Представления")
    views.get_by_role("button", name="Сохранить вид").click()
    page.get_by_label("Название").fill("Горит")
    page.keyboard.press("Enter")
    expect(views.get_by_role("link", name="Горит")).to_have_attribute("aria-current", "true")
    views.get_by_role("link", name="Все", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(3)
    page.reload()
    views.get_by_role("link", name="Горит").click()
    expect(page.get_by_role("row")).to_have_count(2)
    assert "sort=duedate" in page.url
    views.get_by_role("button", name="Переименовать «Горит»").click()
    page.get_by_label("Название").fill("Срочные")
    page.get_by_role("button", name="Переименовать", exact=True).click()
    views.get_by_role("button", name="Удалить «Срочные»").click()
    expect(views.get_by_role("link", name="Срочные")).to_have_count(0)
    page.get_by_role("button", name="Вернуть").click()
    expect(views.get_by_role("link", name="Срочные")).to_be_visible()
    views.get_by_role("link", name="Без мастера").click()
    expect(page.get_by_role("row")).to_have_count(3)


def test_many_are_assigned_at_once_and_the_refused_ones_stay_chosen(page, make, sign_in, app, manager, master):
    fresh = [make.request() for _ in range(4)]
    done = make.request(status=Status.DONE)
    sign_in(page, manager)
    page.get_by_label(f"Выбрать № {done.requestid}", exact=True).check()
    page.get_by_label(f"Выбрать № {fresh[0].requestid}", exact=True).click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="Выбранные заявки")
    expect(bar).to_contain_text("Выбрано: 5 заявок")
    bar.get_by_role("button", name="Назначить мастера").click()
    page.get_by_role("dialog").get_by_label("Мастер").select_option(str(master.user_id))
    page.get_by_role("button", name="Назначить", exact=True).click()
    summary = page.get_by_role("dialog", name="Назначаем мастера")
    expect(summary).to_contain_text("Готово: 4 заявки")
    expect(summary.get_by_role("listitem")).to_have_text(re.compile(f"№ {done.requestid}.+"))
    summary.get_by_role("button", name="Понятно").click()
    expect(bar).to_contain_text("Выбрано: 1 заявка")
    expect(page.get_by_label(f"Выбрать № {done.requestid}", exact=True)).to_be_checked()
    assert {repair.reload().masterid for repair in fresh} == {master.user_id}
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()


def test_many_are_cancelled_after_a_reason_and_a_question(page, make, sign_in, app, manager, master):
    repairs = [make.request() for _ in range(3)]
    done = make.request(master=master, status=Status.DONE)
    sign_in(page, manager)
    page.get_by_label("Выбрать все показанные").check()
    page.get_by_role("button", name="Статус…").click()
    page.get_by_label("Новый статус").select_option("Отменена")
    expect(page.get_by_text("Не подойдёт: 1 заявка")).to_be_visible()
    page.get_by_role("button", name="Изменить статус").click()
    expect(page.get_by_label("Причина")).to_be_focused()
    page.get_by_label("Причина").fill("Переезд")
    page.get_by_role("button", name="Изменить статус").click()
    assert set(statuses_of(app).values()) == {Status.NEW, Status.DONE}
    page.get_by_role("button", name="Отменить заявки").click()
    summary = page.get_by_role("dialog", name="Статус «Отменена»")
    expect(summary).to_contain_text("Готово: 3 заявки")
    expect(summary.get_by_role("listitem")).to_contain_text("Нельзя перейти")
    summary.get_by_role("listitem").get_by_role("link").click()
    expect(page.get_by_role("dialog", name=f"Заявка № {done.requestid}")).to_be_visible()
    assert {repair.reload().requeststatus for repair in repairs} == {Status.CANCELLED}


def test_a_long_run_tells_how_far_it_is_and_can_be_stopped(page, make, sign_in, app, manager, master, many):
    many(20)
    sign_in(page, manager)
    page.route("**/api/requests/*/master", lambda route: (time.sleep(0.05), route.continue_()))
    page.get_by_label("Выбрать все показанные").check()
    page.get_by_role("button", name="Назначить мастера").click()
    page.get_by_role("dialog").get_by_label("Мастер").select_option(str(master.user_id))
    page.get_by_role("button", name="Назначить", exact=True).click()
    run = page.get_by_role("dialog", name="Назначаем мастера")
    expect(run.get_by_text(re.compile(r"[1-9] из 20"))).to_be_visible()
    run.get_by_role("button", name="Остановить").click()
    expect(run).to_contain_text("Не отправлено")
    run.get_by_role("button", name="Понятно").click()
    with app.app_context():
        left = db.session.scalars(select(RepairRequest).where(RepairRequest.masterid.is_(None))).all()
        assert 0 < len(left) < 20
    expect(page.get_by_role("region", name="Выбранные заявки")).to_contain_text(f"Выбрано: {len(left)} заяв")


def test_a_card_is_dragged_only_where_the_contract_allows(page, make, sign_in, manager, master):
    repair, homeless = make.request(master=master), make.request()
    open_board(sign_in, page, manager)
    waiting, cancelled, working = lane(page, "Ждут запчасти"), lane(page, "Отменены"), lane(page, "В работе")
    expect(card(page, repair)).to_be_visible()
    drag(page, repair, waiting)
    expect(waiting).to_have_attribute("data-accepts", "yes")
    expect(lane(page, "Новые")).to_have_attribute("data-accepts", "no")
    page.mouse.up()
    expect(waiting.locator(".kanban-card")).to_contain_text(f"№ {repair.requestid}")
    expect(page.get_by_text(f"№ {repair.requestid}: Отмечено: ждём запчасти")).to_be_visible()
    expect(page).to_have_url(BOARD)
    assert repair.reload().requeststatus is Status.WAITING_PARTS

    drag(page, repair, cancelled)
    page.mouse.up()
    why = page.get_by_role("dialog", name="Отменить заявку")
    page.keyboard.press("Escape")
    expect(why).to_have_count(0)
    expect(waiting.locator(".kanban-card")).to_contain_text(f"№ {repair.requestid}")
    drag(page, repair, cancelled)
    page.mouse.up()
    why.get_by_label("Почему отменяем").fill("Клиент передумал")
    why.get_by_role("button", name="Отменить заявку").click()
    expect(waiting.locator(".kanban-card")).to_have_count(0)
    expect(cancelled.get_by_role("heading")).to_contain_text("1")
    assert repair.reload().requeststatus is Status.CANCELLED

    drag(page, homeless, working)
    page.mouse.up()
    page.get_by_role("button", name="Выбрать мастера").click()
    expect(page.get_by_role("dialog", name=f"Мастер заявки № {homeless.requestid}")).to_be_visible()


def test_a_refused_move_goes_back_and_says_why(page, make, sign_in, manager, master):
    repair = make.request(master=master)
    open_board(sign_in, page, manager)
    refusal = {"error": "Заявку только что закрыли", "code": "bad_transition"}
    page.route("**/api/requests/*/status", lambda route: route.fulfill(status=409, json=refusal))
    expect(card(page, repair)).to_be_visible()
    drag(page, repair, lane(page, "Ждут запчасти"))
    page.mouse.up()
    expect(page.get_by_text(f"№ {repair.requestid} не перенесена. Заявку только что закрыли")).to_be_visible()
    expect(lane(page, "В работе").locator(".kanban-card")).to_have_count(1)
    drag(page, repair, lane(page, "Ждут запчасти"))
    page.keyboard.press("Escape")
    expect(page.locator(".kanban-card--ghost")).to_have_count(0)
    page.mouse.up()
    expect(page).to_have_url(BOARD)


def test_a_card_is_carried_by_keyboard_and_told_about(page, make, sign_in, manager, master):
    repair = make.request(master=master)
    open_board(sign_in, page, manager)
    voice = page.locator(".kanban ~ [role=status]")
    grip(page, repair).focus()
    page.keyboard.press("Space")
    expect(voice).to_contain_text("Стрелками — столбец: «Ждут запчасти», «Завершены», «Отменены»")
    page.keyboard.press("ArrowRight")
    expect(voice).to_have_text("«Ждут запчасти»")
    page.keyboard.press("Escape")
    expect(voice).to_contain_text("Перенос отменён")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(lane(page, "Ждут запчасти").locator(".kanban-card:not([aria-busy])")).to_have_count(1)
    expect(grip(page, repair)).to_be_focused()
    expect(voice).to_contain_text("теперь в «Ждут запчасти»")
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name=f"Переместить № {repair.requestid}")
    expect(menu.get_by_role("button", name="Завершена")).to_be_disabled()
    menu.get_by_role("button", name="В работе").click()
    expect(lane(page, "В работе").locator(".kanban-card:not([aria-busy])")).to_have_count(1)
    assert repair.reload().requeststatus is Status.IN_PROGRESS


def test_finished_work_is_shown_on_demand_and_comes_back_under_warranty(page, make, sign_in, manager, master):
    done = make.request(master=master, status=Status.DONE)
    open_board(sign_in, page, manager)
    finished = lane(page, "Завершены")
    expect(finished.get_by_role("heading")).to_contain_text("1")
    expect(card(page, done)).to_have_count(0)
    finished.get_by_role("button", name="Показать последние").click()
    drag(page, done, lane(page, "В работе"))
    page.mouse.up()
    page.get_by_label("Что не так после ремонта").fill("Снова течёт")
    page.get_by_role("button", name="Вернуть по гарантии").click()
    expect(lane(page, "В работе").locator(".kanban-card")).to_contain_text(f"№ {done.requestid}")
    page.reload()
    expect(finished.get_by_role("button", name="Свернуть")).to_be_visible()


def test_what_others_do_moves_the_cards_and_filters_hold_on_the_board(new_page, make, sign_in, manager, master):
    repair, other = make.request(master=master), make.request()
    office, bench = new_page(), new_page()
    sign_in(office, manager, f"{BOARD}&masterid={master.user_id}")
    expect(card(office, repair)).to_be_visible()
    expect(card(office, other)).to_have_count(0)
    expect(office.locator(".light")).to_have_text("В эфире")
    token = make.token(master)
    answer = bench.request.put(
        f"/api/requests/{repair.requestid}/status",
        data={"requeststatus": "Ожидает запчасти"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.ok
    expect(lane(office, "Ждут запчасти").locator(".kanban-card[data-fresh]")).to_contain_text(f"№ {repair.requestid}")
    expect(lane(office, "В работе").locator(".kanban-card")).to_have_count(0)


def test_a_long_column_reads_on_while_it_is_scrolled(page, sign_in, manager, many):
    many(60)
    sign_in(page, manager, BOARD)
    fresh = lane(page, "Новые")
    expect(fresh.get_by_text("Показано 20, всего 60 заявок")).to_be_attached()
    for count in (40, 60):
        fresh.locator(".lane__body").evaluate("(node) => node.scrollTo(0, node.scrollHeight)")
        expect(fresh.locator(".kanban-card")).to_have_count(count)


def test_the_board_on_a_phone_is_swiped_chosen_and_dragged_by_finger(phone, make, sign_in, manager, master):
    repair = make.request(master=master)
    open_board(sign_in, phone, manager)
    tabs = phone.get_by_role("navigation", name="Столбцы")
    tabs.get_by_role("button", name="В работе").tap()
    expect(card(phone, repair)).to_be_in_viewport()
    assert_no_sideways_scroll(phone)
    fingers = phone.context.new_cdp_session(phone)
    start, end = middle(grip(phone, repair)), middle(tabs.get_by_role("button", name="Ждут запчасти"))
    touch(fingers, "touchStart", start)
    for part in (0.3, 0.6, 1):
        touch(fingers, "touchMove", [a + (b - a) * part for a, b in zip(start, end, strict=True)])
    expect(phone.locator(".kanban-card--ghost")).to_be_visible()
    touch(fingers, "touchEnd")
    expect(phone.get_by_text(f"№ {repair.requestid}: Отмечено: ждём запчасти")).to_be_visible()
    expect(lane(phone, "Ждут запчасти").locator(".kanban-card")).to_have_count(1)


def touch(session, kind, point=None):
    points = [{"x": point[0], "y": point[1]}] if point else []
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_tickets_on_a_phone_are_chosen_and_changed_together(phone, make, sign_in, manager, master):
    repairs = [make.request(master=master) for _ in range(2)]
    sign_in(phone, manager)
    for repair in repairs:
        phone.get_by_label(f"Выбрать № {repair.requestid}", exact=True).check()
    phone.get_by_role("button", name="Статус…").tap()
    phone.get_by_label("Новый статус").select_option("Ожидает запчасти")
    phone.get_by_role("button", name="Изменить статус").tap()
    expect(phone.get_by_text("Готово: 2 заявки")).to_be_visible()
    assert_no_sideways_scroll(phone)
    assert {repair.reload().requeststatus for repair in repairs} == {Status.WAITING_PARTS}


def test_keys_lead_through_the_work_and_keep_silent_while_somebody_types(page, make, sign_in, manager):
    first, second = make.request(techmodel="Ранний"), make.request(techmodel="Поздний", startdate=now())
    sign_in(page, manager)
    expect(page.get_by_role("row")).to_have_count(3)
    page.keyboard.press("j")
    expect(page.locator(f"[data-key=request-{second.requestid}]")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_label(f"Выбрать № {first.requestid}", exact=True)).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name=f"Заявка № {second.requestid}")).to_be_visible()
    page.keyboard.press("v")
    page.keyboard.press("Escape")
    expect(page).to_have_url("/dashboard.html")
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Поиск заявок")
    expect(search).to_be_focused()
    page.keyboard.type("gbvn")
    expect(search).to_have_value("gbvn")
    page.keyboard.press("Escape")
    search.fill("")
    search.blur()
    expect(page).to_have_url("/dashboard.html")
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page.locator(".kanban")).to_be_visible()
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'м', code: 'KeyV', bubbles: true }))")
    expect(page.get_by_role("row")).to_have_count(3)
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Клавиши")
    help_.get_by_label("Клавиши включены").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Клавиши").click()
    expect(help_.get_by_label("Клавиши включены")).not_to_be_checked()


def test_a_client_in_the_link_is_named_and_taken_away(page, make, sign_in, manager):
    client = make.user(fullname="Зайцев Пётр Ильич")
    make.request(client)
    make.request()
    sign_in(page, manager, f"/dashboard.html?clientid={client.user_id}")
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_role("link", name="Клиент Зайцев Пётр Ильич: показать всех").click()
    expect(page.get_by_role("row")).to_have_count(3)
