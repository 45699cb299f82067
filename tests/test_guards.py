"""Guards: rules for every route, file and table."""

import ast
import inspect
import json
import re
from datetime import timedelta

import pytest
import schemathesis
import time_machine
from flask_migrate import check

from cli import schema_script
from config import ROOT
from models import RepairRequest, Role, Scope
from routes.http import openapi
from routes.shapes.base import MODELS, Answer, Error
from routes.shapes.requests import Repair, RequestText
from services.common import errors
from services.common.clock import now
from services.requests import queries
from tests.kit import contract, pg_programs, roles
from tests.kit.counting import statements_of

MAY_READ_THE_ENVIRONMENT = {
    "config.py",
    "gunicorn.conf.py",
    "launcher/browser.py",
    "launcher/commands.py",
    "launcher/shop.py",
    "postgres/embedded_server.py",
}
MAY_BE_LEFT_OUT = {
    "CountedPage.total",
    "CountedPage.total_is_capped",
    "NewAccount.password",
    "SignIn.password_expired",
    "Error.fields",
    "Error.current",
}
"""Fields that may be missing in answers of their shape; a new one needs a reason."""

NO_MARKUP_FROM_TEXT = re.compile(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\()")


def subclasses(shape):
    """Yield all subclasses of a class."""
    for below in shape.__subclasses__():
        yield below
        yield from subclasses(below)


def api_rules(app):
    """(method, rule) of every API route."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api"):
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield method, rule


def python_files(*folders):
    """(path from the root, text) of the Python files in these folders, recursively; «.» is the root only."""
    for folder in folders:
        files = sorted((ROOT / folder).glob("*.py" if folder == "." else "**/*.py"))
        assert files, f"{folder} holds no Python"
        for path in files:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_every_route_wants_a_token_or_is_on_the_short_public_list(app):
    unguarded = {
        f"{method} {rule.rule}"
        for method, rule in api_rules(app)
        if not hasattr(app.view_functions[rule.endpoint], "guard")
    }
    assert unguarded == roles.PUBLIC


def test_every_guarded_route_refuses_a_call_without_a_token(app, client):
    for method, rule in api_rules(app):
        if f"{method} {rule.rule}" in roles.PUBLIC:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        answer = client.open(path, method=method, json={} if method != "GET" else None)
        assert (answer.status_code, answer.json["code"]) == (401, "token_missing"), path


def test_token_of_an_expired_password_opens_four_routes_only(app, make, login):
    caller = login(make.user(Role.ADMIN, password_changed_at=now() - timedelta(days=91)))
    opened = set()
    for method, rule in api_rules(app):
        if hasattr(app.view_functions[rule.endpoint], "guard") and not rule.rule.startswith("/api/auth/logout"):
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            answer = caller.open(method, path, json={} if method != "GET" else None)
            if (answer.status_code, answer.get_json().get("code")) != (403, "password_expired"):
                opened.add(f"{method} {rule.rule}")
    for path in ("/api/auth/logout-all", "/api/auth/logout"):
        if login(caller.user).post(path).status_code == 204:
            opened.add(f"POST {path}")
    assert opened == roles.FOR_EXPIRED_PASSWORDS


@pytest.mark.parametrize("scope", Scope)
def test_a_token_opens_the_routes_of_its_scope(app, client, make, scope):
    """A route is closed to a token if each role is refused before the body is read."""
    make.user()  # Account 1, whose password a call resets.
    people = [make.user(role) for role in Role]
    opened = set()
    for method, rule in api_rules(app):
        if not hasattr(app.view_functions[rule.endpoint], "guard"):
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for person in people:
            bearer = {"Authorization": f"Bearer {make.token(person, scope)}"}
            answer = client.open(path, method=method, headers=bearer, json={} if method != "GET" else None)
            if answer.status_code != 403:
                opened.add(f"{method} {rule.rule}")
            answer.close()
    guarded = {f"{method} {rule.rule}" for method, rule in api_rules(app)} - roles.PUBLIC
    assert opened == roles.OPENED_BY.get(scope, guarded)


def test_every_guarded_route_documents_the_scopes_that_open_it(app):
    for method, rule in api_rules(app):
        name = f"{method} {rule.rule}"
        if name not in roles.PUBLIC:
            opened_by = {"full", *(scope for scope, opened in roles.OPENED_BY.items() if name in opened)}
            assert contract.operation_of(app, rule, method)["security"] == [{"bearer": sorted(opened_by)}], name


def test_every_route_is_in_the_role_table(app):
    in_table = {call.route for call in roles.CALLS.values()}
    assert {f"{method} {rule.rule}" for method, rule in api_rules(app)} == in_table


def test_every_route_is_in_the_openapi_document_with_its_security(app):
    document = openapi.document(app)
    for method, rule in api_rules(app):
        name = f"{method} {rule.rule}"
        operation = contract.operation_of(app, rule, method)
        assert ("security" in operation) == (name not in roles.PUBLIC), name
        assert operation["summary"] and operation["operationId"], name
    documented = sum(len(operations) for operations in document["paths"].values())
    assert documented == len(list(api_rules(app))), "the document knows of no route that does not exist"


def test_the_document_is_valid_openapi_3_1(app):
    schemathesis.openapi.from_dict(json.loads(json.dumps(openapi.document(app)))).validate()


def test_every_reference_of_the_document_leads_somewhere(app):
    text = json.dumps(openapi.document(app))
    known = openapi.document(app)["components"]["schemas"]
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', text)) <= set(known)


def test_every_operation_names_its_parameters_and_answers_by_type(app):
    for path, operations in openapi.document(app)["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            in_path = [given for given in operation["parameters"] if given["in"] == "path"]
            assert {given["name"] for given in in_path} == set(re.findall(r"{(\w+)}", path)), where
            assert all(given["schema"]["type"] == "integer" for given in in_path), where
            good = [answer for status, answer in operation["responses"].items() if status < "300"]
            assert len(good) == 1, where
            for content in good[0].get("content", {}).values():
                assert (content["schema"] and content["schema"] != {"type": "object"}) or path.endswith(
                    "openapi.json"
                ), where
            bad = [answer for status, answer in operation["responses"].items() if status >= "400"]
            assert all("Error" in answer["content"]["application/json"]["schema"]["$ref"] for answer in bad), where


def test_every_json_answer_has_a_shape(app):
    """`tests/kit/contract.py` compares the keys of every answer with its shape."""
    for path, operations in openapi.document(app)["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json")
                if content and path != "/api/openapi.json":
                    shape = MODELS.get(content["schema"]["$ref"].rpartition("/")[2], Error)
                    assert issubclass(shape, Answer) and (shape is Error) == (status >= "400"), f"{method} {path}"


def test_answers_leave_out_only_the_fields_of_a_short_list(app):
    optional = {
        f"{shape.__name__}.{name}"
        for shape in subclasses(Answer)
        for name in inspect.get_annotations(shape)
        if name in shape.model_fields and not shape.model_fields[name].is_required()
    }
    assert optional == MAY_BE_LEFT_OUT
    assert all(shape.model_config["extra"] == "forbid" for shape in subclasses(Answer))


def test_columns_of_a_request_are_the_plain_fields_of_its_shape():
    made = {"is_overdue", "is_due_soon", "client", "master", "rating", "allowed"}
    assert {column.key for column in queries.SHOWN_COLUMNS} == Repair.model_fields.keys() - made


def test_texts_of_a_request_are_as_long_in_the_shape_as_in_the_table():
    for name, schema in RequestText.model_json_schema()["properties"].items():
        longest = schema.get("maxLength") or schema["anyOf"][0]["maxLength"]
        assert longest == getattr(RepairRequest, name).type.length, name


def test_kinds_of_error_are_those_of_the_contract():
    assert {kind.status: {*(kind.codes or [kind.code])} for kind in errors.KINDS} == contract.CODES
    assert len(errors.KINDS) == len(contract.CODES)
    assert {*errors.KINDS} == {*errors.AppError.__subclasses__()}


def test_the_document_describes_each_error_as_its_kind_does(app):
    kinds = {str(kind.status): kind for kind in errors.KINDS}
    for operations in openapi.document(app)["paths"].values():
        for operation in operations.values():
            for status in operation["responses"].keys() & kinds.keys():
                words, _, codes = operation["responses"][status]["description"].rpartition(" (")
                assert words == kinds[status].message
                assert {*codes.removesuffix(")").split(", ")} == contract.CODES[int(status)]


def test_every_guarded_route_refuses_a_parameter_that_it_does_not_know(app, make, login):
    """A silently ignored filter would return another list than requested."""
    callers = {role: login(make.user(role)) for role in Role}
    repair = make.request(callers[Role.CLIENT].user, callers[Role.MASTER].user)
    for method, rule in api_rules(app):
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "guard"):
            continue
        roles_of = view.guard if view.guard != "any" else {Role.ADMIN}
        path = rule.rule.replace("<int:requestid>", str(repair.requestid)).replace("<int:user_id>", "1")
        answer = callers[next(iter(roles_of))].open(method, f"{path}?unknown=1", json={} if method != "GET" else None)
        assert (answer.status_code, answer.get_json()["code"]) == (400, "bad_request"), f"{method} {rule.rule}"


def test_every_route_that_reads_a_body_or_a_query_tells_its_fields(app):
    """A view with other inputs than its documented ones would have to read `request` itself."""
    for path, text in python_files("routes"):
        if path != "routes/http/inputs.py":
            assert not re.search(r"request\.(args|json|form|values|data|get_json|get_data|files)", text), path


def every_call(make):
    """(name, method, path) of every call of the role table."""
    repair, spare = make.request(), make.user(Role.MASTER)
    names = {"requestid": repair.requestid, "user_id": spare.user_id, "spare_master": spare.user_id}
    for name, call in roles.CALLS.items():
        method, _, route = call.route.partition(" ")
        yield name, method, re.sub(r"<int:(\w+)>", r"{\1}", route + call.query).format(**names)


def answers_to_every_call(make, login, **headers):
    """(name of the call, method, answer) of every call by a manager and an administrator."""
    for role in (Role.MANAGER, Role.ADMIN):
        for name, method, path in every_call(make):
            body = {} if method != "GET" else None
            answer = login(make.user(role)).open(method, path, json=body, headers=headers)
            yield name, method, answer
            answer.close()


def test_every_answer_names_its_request(make, login, client):
    statuses = set()
    for number, given in enumerate(("an-id-of-the-caller", "<no id>")):
        for name, _method, answer in answers_to_every_call(make, login, **{"X-Request-ID": given}):
            statuses.add(answer.status_code)
            found = answer.headers.getlist("X-Request-ID")
            assert len(found) == 1 and (found == [given]) == (number == 0) and found[0].isascii(), name
    assert statuses >= {200, 204, 403, 422, 428}
    paths = ("/api", "/api/nope", "/api/docs/assets/swagger-ui.css", "/api/docs/assets/nope", "/api/requests/")
    for path in paths:
        for method in ("GET", "HEAD", "DELETE", "OPTIONS", "POST"):
            answer = client.open(path, method=method)
            assert len(answer.headers.getlist("X-Request-ID")) == 1, (method, path)
            answer.close()


STREAMS = {"follow events", "export requests", "export statistics"}
VERSIONED = {"read", "read settings"}
"""Calls whose tag is a version for `If-Match`."""


def test_every_answer_to_get_but_a_stream_has_a_tag(make, login):
    tags = {}
    for name, method, answer in answers_to_every_call(make, login):
        if method == "GET" and answer.status_code == 200:
            tag = answer.headers.get("ETag", "")
            assert (tag == "") == (name in STREAMS), name
            assert name in STREAMS or re.fullmatch('"[0-9]+"' if name in VERSIONED else '"[0-9a-f]{40}"', tag), name
            tags[name] = tag
    assert len(tags) == sum(call.route.startswith("GET") for call in roles.CALLS.values())


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMIN])
def test_an_answer_that_the_caller_has_is_not_sent_again(make, login, role):
    caller, not_sent = login(make.user(role)), set()
    for name, method, path in every_call(make):
        if method != "GET" or name in STREAMS or caller.get(path).status_code != 200:
            continue
        with time_machine.travel(now(), tick=False):
            tag = caller.get(path).headers["ETag"]
            again = caller.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
            other = caller.get(path, headers={"If-None-Match": '"other"'})
        assert (other.status_code, other.headers["ETag"]) == (200, tag), name
        assert again.headers["ETag"] == tag and again.headers["Cache-Control"] == other.headers["Cache-Control"], name
        if again.status_code == 304:
            assert again.get_data() == b"" and "Content-Type" not in again.headers, name
            not_sent.add(name)
        else:
            assert (again.status_code, again.get_data()) == (200, other.get_data()), name
    assert not not_sent & VERSIONED
    assert len(not_sent) >= 15 and {"list requests", "configuration", "API description", "own account"} <= not_sent


class Unreadable:
    """A body that raises when it is read."""

    def read(self, *_):
        raise AssertionError("the body was read")

    readline = readlines = readinto = __iter__ = read


def test_every_route_refuses_a_longer_body_than_its_own_before_it_reads_it(app, client):
    for method, rule in api_rules(app):
        if method == "GET":
            continue
        limit = roles.BODY_LIMITS.get(f"{method} {rule.rule}", 1024 * 1024)
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        too_long = {"CONTENT_LENGTH": str(limit + 1), "wsgi.input": Unreadable()}
        answer = client.open(path, method=method, environ_overrides=too_long)
        assert (answer.status_code, answer.json["code"]) == (413, "too_large"), path
        contract.check_error(answer)
        assert client.open(path, method=method, data=b" " * limit).status_code != 413, path


def test_every_collection_answers_with_and_without_its_last_slash(app, login, make):
    admin = login(make.user(Role.ADMIN))
    comments = f"?requestid={make.request().requestid}"
    for path, query in (
        ("requests", ""),
        ("users", ""),
        ("statistics", ""),
        ("settings", ""),
        ("audit", ""),
        ("comments", comments),
    ):
        answers = [admin.get(f"/api/{path}{slash}{query}") for slash in ("", "/")]
        assert [answer.status_code for answer in answers] == [200, 200], path
        assert answers[0].get_data() == answers[1].get_data(), path
    for path, body in (("requests", {"clientid": "x"}), ("users", {}), ("comments", {})):
        answers = [admin.post(f"/api/{path}{slash}", json=body) for slash in ("", "/")]
        assert [answer.status_code for answer in answers] == [422, 422], path


def test_the_schema_script_is_the_models():
    written = (ROOT / "technic_bd.sql").read_text(encoding="utf-8")
    assert written == schema_script.as_sql(), "run: flask schema-sql > technic_bd.sql"


def test_the_schema_script_is_the_migrations(settings, app, make_database):
    url = make_database()
    pg_programs.psql(url, (ROOT / "technic_bd.sql").read_text(encoding="utf-8"))
    assert pg_programs.dump_schema(url) == pg_programs.dump_schema(settings["DATABASE_URL"])


def test_the_migrations_are_the_models(app):
    with app.app_context():
        check()  # Exits with a message if a migration is missing.


@pytest.mark.parametrize("name", ["repair_requests", "users", "comments", "ratings", "request_events"])
def test_no_rule_of_the_database_is_known_to_the_models_only(app, name):
    """`flask db check` alone misses CHECK constraints: compare their names."""
    from database import db

    with app.app_context():
        there = {found["name"] for found in db.inspect(db.engine).get_check_constraints(name)}
    ours = {
        str(constraint.name)
        for constraint in db.metadata.tables[name].constraints
        if constraint.__visit_name__ in ("check_constraint", "table_or_column_check_constraint")
    }
    assert {text for text in ours if text.startswith("ck_")} <= there


LISTS = (
    "/api/requests/?limit=100",
    "/api/requests/?limit=100&q=морозит",
    "/api/requests/?limit=100&sort=-priority&requeststatus=В работе",
    "/api/users/?limit=100",
    "/api/comments/?limit=100&requestid={requestid}",
    "/api/requests/{requestid}/history?limit=100",
    "/api/requests/summary",
    "/api/requests/load",
    "/api/statistics/",
)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_as_often_for_thirty_rows_as_for_three(app, make, login, path):
    manager = login(make.user(Role.MANAGER))
    master, repair = make.user(Role.MASTER), make.request()

    def grow(number):
        for _ in range(number):
            make.request(repair_client(make, repair), master)
            make.comment(repair, master)
            make.event(repair, master, "comment")

    def count():
        with statements_of(app) as sent:
            assert manager.get(path.format(requestid=repair.requestid)).status_code == 200
        return len(sent)

    grow(3)
    few = count()
    grow(27)
    assert count() == few


def repair_client(make, repair):
    """The client of a request, as an argument for the factories."""
    from types import SimpleNamespace

    return SimpleNamespace(user_id=repair.clientid)


def test_a_page_of_requests_costs_two_statements(app, make, login):
    """One for the session, one for the page."""
    manager = login(make.user(Role.MANAGER))
    with statements_of(app) as sent:
        manager.get("/api/requests/")
    assert len([statement for statement in sent if statement.lstrip().startswith(("SELECT", "WITH"))]) <= 2


def test_the_environment_is_read_in_one_place():
    for path, text in python_files(".", "routes", "services", "models", "middleware", "cli", "launcher", "postgres"):
        if path not in MAY_READ_THE_ENVIRONMENT:
            assert not re.search(r"os\.(environ|getenv)", text), path


def test_routes_hold_no_sql_and_no_session():
    for path, text in python_files("routes"):
        assert not re.search(r"db\.session|\bselect\(|\btext\(|execute\(", text), path


def test_services_know_nothing_of_http():
    for path, text in python_files("services"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                assert {alias.name for alias in node.names} <= {"current_app"}, path


def test_models_do_not_commit():
    for path, text in python_files("models"):
        assert "commit(" not in text, path


def test_pages_are_built_from_text_only():
    scripts = sorted((ROOT / "frontend").rglob("*.js"))
    assert scripts
    for path in [*scripts, *sorted((ROOT / "frontend").glob("*.html"))]:
        text = path.read_text(encoding="utf-8")
        assert not NO_MARKUP_FROM_TEXT.search(text), path.name
        if path.suffix == ".html":
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=", text), path.name


def test_one_module_of_the_pages_talks_to_the_server():
    """`api.js` alone calls fetch: it handles the token and errors.

    The service worker fetches pages and files, never API answers.
    """
    talk = re.compile(r"\bfetch\(|XMLHttpRequest|new EventSource|new WebSocket|navigator\.sendBeacon")
    folder = ROOT / "frontend"
    speakers = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.js")
        if talk.search(path.read_text(encoding="utf-8"))
    }
    assert speakers == {"js/core/api.js", "sw.js"}


def test_migrations_stand_in_one_line_and_know_no_models():
    """Migrations must not change with the models."""
    numbers = {}
    for path in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?m)^(from|import) (models|services|database|cli|app)\b", text), path.name
        number, before = (re.search(rf'(?m)^{name} = (?:"(\w+)"|None)', text) for name in ("revision", "down_revision"))
        numbers[number[1]] = before[1]
        assert path.name.startswith(number[1])
    assert sorted(filter(None, numbers.values())) == sorted(numbers)[:-1], "one after the other, one head"


def test_nothing_in_the_repository_knows_of_one_machine():
    """No paths of a home directory or workplace, and no addresses of package registries."""
    words = re.compile(r"/(?:home|Users)/\w+/|pypi\.org/simple|registry\.npmjs")
    named = ("run.py", "README.md", "requirements.txt", "requirements-test.txt", ".ci/run")
    for path in [*named, *(path for path, _text in python_files("launcher"))]:
        assert not words.search((ROOT / path).read_text(encoding="utf-8")), path
