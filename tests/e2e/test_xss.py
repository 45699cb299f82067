"""Stored markup is shown as text on every page and never executed, with and without the Content-Security-Policy."""

import pytest
from playwright.sync_api import expect

import models.password
from models import Role
from tests.kit.factories import password_hash

RUN = "window.hacked=1"
PAYLOADS = [
    f"<script>{RUN}</script>", f"<ScRiPt>{RUN}</sCrIpT>", f"</script><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>", f"<img src=x onerror='{RUN}'//", f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>", f"<svg onload={RUN}>", f"<svg/onload={RUN}>", f"<svg><script>{RUN}</script>",
    f"<svg><animate onbegin={RUN} attributeName=x>", f"<math><mi xlink:href='javascript:{RUN}'>x",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'>", f"<iframe src=javascript:parent.{RUN}>",
    f"<body onload={RUN}>", f"<input autofocus onfocus={RUN}>", f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}>", f"<audio src=x onerror={RUN}>", f"<object data=javascript:{RUN}>",
    f"<embed src=javascript:{RUN}>", f"<a href=javascript:{RUN}>x</a>", f"javascript:{RUN}", f"JaVaScRiPt:{RUN}",
    f"data:text/html,<script>{RUN}</script>", f"<base href='javascript:{RUN}//'>",
    f"<form><button formaction=javascript:{RUN}>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>", f"<link rel=stylesheet href=javascript:{RUN}>",
    f"<style>@import 'javascript:{RUN}'</style>", f"<x onclick={RUN} tabindex=1 id=x>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;img src=x onerror={RUN}&#62;", f"\\u003cimg src=x onerror={RUN}\\u003e", f"%3Cscript%3E{RUN}%3C/script%3E",
    f"${{{RUN}}}", f"{{{{constructor.constructor('{RUN}')()}}}}", f"<!--><img src=x onerror={RUN}>-->",
    f"<template><img src=x onerror={RUN}></template>", f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
]  # fmt: skip
PROTOCOLS = """
[...document.querySelectorAll("a[href]")].map((link) => new URL(link.getAttribute("href"), location).protocol)
"""
SAFE_LINKS = {"http:", "https:", "tel:", "mailto:"}


def test_there_are_forty():
    assert len(set(PAYLOADS)) == 40


@pytest.fixture
def shop(app, make, monkeypatch):
    """A shop whose texts, stored through the API, are all payloads; the users and the request with all texts."""
    password_hash()
    monkeypatch.setattr(models.password, "HASH_METHOD", "scrypt:256:8:1")
    people = {role: make.user(role, fullname=PAYLOADS[number]) for number, role in enumerate(Role)}
    tokens = {role: make.token(person) for role, person in people.items()}
    client = app.test_client()

    def call(role, method, path, body):
        headers = {"Authorization": f"Bearer {tokens[role]}", "If-Match": "*"}
        answer = client.open("/api" + path, method=method, json=body, headers=headers)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        return answer.get_json()

    first, *_ = [call(Role.ADMIN, "POST", "/requests/", texts_of(people, text)) for text in PAYLOADS]
    for number, text in enumerate(PAYLOADS):
        person = {"fullname": text, "email": f"x{number}@example.org", "phone": text[:32], "user_type": "Мастер"}
        call(Role.ADMIN, "POST", "/users/", person)
    fill_with_payloads(call, people, first["requestid"])
    organisation = dict.fromkeys(["name", "address", "hours"], PAYLOADS[3])
    organisation |= {"phone": PAYLOADS[22][:32], "email": None}
    techtypes = list({text.casefold(): text[:100] for text in PAYLOADS}.values())
    call(Role.ADMIN, "PATCH", "/settings/", {"organisation": organisation, "techtypes": techtypes})
    return people, first["requestid"]


def texts_of(people, text):
    short = {"techtype": text[:100], "serialnumber": text[:100], "phone": text[:32]}
    long = dict.fromkeys(["techmodel", "problemdescription", "project", "address"], text)
    return short | long | {"clientid": people[Role.CLIENT].user_id}


def fill_with_payloads(call, people, requestid):
    """Take the request through all statuses, with a payload in each step, and all payloads as comments."""
    path = f"/requests/{requestid}"
    call(Role.ADMIN, "PUT", f"{path}/master", {"masterid": people[Role.MASTER].user_id})
    call(Role.ADMIN, "PUT", f"{path}/deadline", {"duedate": "2030-01-01T00:00:00Z", "reason": PAYLOADS[5]})
    call(Role.ADMIN, "PATCH", path, {"address": PAYLOADS[7], "problemdescription": " ".join(PAYLOADS)})
    for status in ("В работе", "Завершена"):
        call(Role.MASTER, "PUT", f"{path}/status", {"requeststatus": status, "comment": PAYLOADS[9]})
    call(Role.CLIENT, "PUT", f"{path}/rating", {"score": 1, "comment": PAYLOADS[11]})
    for number, text in enumerate(PAYLOADS):
        author = (Role.MASTER, Role.CLIENT)[number % 2]
        call(author, "POST", "/comments/", {"requestid": requestid, "message": text})


def check_nothing_executed(page):
    assert page.evaluate("window.hacked") is None
    assert set(page.evaluate(PROTOCOLS)) <= SAFE_LINKS


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
@pytest.mark.parametrize("bypass_csp", [False, True], ids=["with the policy", "without the policy"])
def test_stored_markup_is_text_on_every_page(new_page, sign_in, shop, role, bypass_csp):
    people, requestid = shop
    page = new_page(bypass_csp=bypass_csp)
    page.on("dialog", lambda dialog: (page.problems.append(f"a script ran: {dialog.message}"), dialog.dismiss()))
    sign_in(page, people[role], f"/dashboard.html?request={requestid}")
    dialog = page.get_by_role("dialog")
    for text in PAYLOADS:
        expect(dialog.locator(".bubble").get_by_text(text, exact=True).first).to_be_attached()
    assert PAYLOADS[7] in dialog.evaluate("node => node.textContent")
    check_nothing_executed(page)
    page.goto(f"/dashboard.html?q={PAYLOADS[3]}")
    expect(page.get_by_role("main")).not_to_have_attribute("aria-busy", "true")
    check_nothing_executed(page)
    page.goto("/dashboard.html")
    expect(page.get_by_role("main").locator("article, tr").get_by_text(RUN).first).to_be_visible()
    shown = page.evaluate("document.body.textContent")
    assert sum(text in shown for text in PAYLOADS) >= 10
    check_nothing_executed(page)
    visit_office_pages(page, role, people)


def visit_office_pages(page, role, people):
    """Visit statistics, people, one person, and the choice of a client."""
    if role is not Role.CLIENT:
        page.goto("/statistics.html")
        expect(page.get_by_role("table").first).to_be_attached()
        check_nothing_executed(page)
    if role not in (Role.MANAGER, Role.ADMIN):
        return
    page.goto(f"/dashboard.html?view=board&clientid={people[Role.CLIENT].user_id}")
    expect(page.locator(".kanban-card").get_by_text(RUN).first).to_be_visible()
    page.get_by_text("Загрузка мастеров").click()
    expect(page.locator(".loads li").first).to_be_visible()
    check_nothing_executed(page)
    page.goto(f"/users.html?user={people[Role.CLIENT].user_id}")
    expect(page.get_by_role("dialog").get_by_text(PAYLOADS[0]).first).to_be_visible()
    check_nothing_executed(page)
    page.goto("/users.html")
    expect(page.get_by_role("table").get_by_text("example.org").first).to_be_visible()
    check_nothing_executed(page)
    page.goto("/dashboard.html?new=1")
    expect(page.get_by_role("dialog")).to_be_visible()
    check_nothing_executed(page)
    if role is Role.ADMIN:
        visit_admin_pages(page)


def visit_admin_pages(page):
    """Visit the settings, whose appliance types are payloads too, and the journal."""
    page.goto("/settings.html")
    expect(page.get_by_role("region", name="Сроки ремонта").get_by_text(PAYLOADS[3], exact=True)).to_be_visible()
    check_nothing_executed(page)
    page.goto("/settings.html?view=journal")
    expect(page.get_by_role("main").get_by_role("link", name=PAYLOADS[3], exact=True).first).to_be_visible()
    check_nothing_executed(page)


ELSEWHERE = ["javascript:window.hacked=1", "//evil.example.org/", "https://evil.example.org/", "/\\evil.example.org"]


@pytest.mark.parametrize("target", [*ELSEWHERE, "data:text/html,x", "\tjavascript:window.hacked=1"])
def test_address_to_go_on_to_is_one_of_ours(new_page, sign_in, make, target):
    page = new_page(bypass_csp=True)
    sign_in(page, make.user(), "/favicon.svg")
    page.goto(f"/?next={target}")
    expect(page).to_have_url("/dashboard.html")
    check_nothing_executed(page)


def test_name_of_the_organisation_is_text_on_the_first_page(new_page, shop):
    page = new_page(bypass_csp=True)
    page.goto("/")
    expect(page.get_by_text(PAYLOADS[3]).first).to_be_attached()
    check_nothing_executed(page)
