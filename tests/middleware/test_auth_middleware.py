"""Guards of routes, also in the way that the manual shows."""

import pytest

from app import create_app
from middleware.auth_middleware import require_auth, require_role, require_scope
from models import Role, Scope
from tests.kit.factories import Factory


@pytest.fixture(scope="module")
def guarded_app(settings):
    """An application with routes as in the manual."""
    app = create_app(settings)

    @app.get("/api/manual")
    @require_auth
    def protected_route(current_user):
        if current_user.get("user_type") not in ["Мастер", "Менеджер"]:
            return {"error": "Недостаточно прав"}, 403
        return {"name": current_user.get("fullname"), "nothing": current_user.get("nothing", "нет")}

    @app.get("/api/role")
    @require_role(Role.MASTER)
    def for_masters(current_user):
        return {"user_id": current_user.user_id}

    @app.get("/api/limited")
    @require_scope(Scope.PASSWORD_CHANGE)
    def for_limited_tokens(current_user):
        return {"scope": current_user.scope}

    @app.get("/api/arguments/<int:number>")
    @require_auth
    def with_arguments(current_user, number):
        return {"number": number}

    return app


@pytest.fixture
def ask(guarded_app, make):
    """Call it with a role (None: no token) and a path; return the answer."""

    def ask(role, path, **headers):
        if role:
            headers["Authorization"] = f"Bearer {Factory(guarded_app).token(make.user(role))}"
        return guarded_app.test_client().get(path, headers=headers)

    return ask


@pytest.mark.parametrize(
    ("role", "status"), [(None, 401), (Role.CLIENT, 403), (Role.MASTER, 200), (Role.MANAGER, 200), (Role.ADMIN, 403)]
)
def test_snippet_of_the_manual_works_as_written(ask, role, status):
    assert ask(role, "/api/manual").status_code == status


def test_current_user_reads_like_a_dict(ask):
    assert ask(Role.MASTER, "/api/manual").get_json()["nothing"] == "нет"


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.CLIENT, 403), (Role.MASTER, 200), (Role.ADMIN, 403)])
def test_require_role_lets_that_role_in_only(ask, role, status):
    assert ask(role, "/api/role").status_code == status


def test_require_scope_lets_that_scope_in_only(guarded_app, make):
    def ask(scope):
        token = Factory(guarded_app).token(make.user(), scope)
        return guarded_app.test_client().get("/api/limited", headers={"Authorization": f"Bearer {token}"})

    assert ask(Scope.PASSWORD_CHANGE).get_json() == {"scope": "password_change"}
    assert (ask(Scope.FULL).status_code, ask(Scope.FULL).get_json()["code"]) == (403, "forbidden")


def test_guard_hands_the_path_s_arguments_on(ask):
    assert ask(Role.CLIENT, "/api/arguments/7").get_json() == {"number": 7}


@pytest.mark.parametrize("spelling", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer  {} "])
def test_scheme_is_spelled_in_any_case(make, client, spelling):
    token = make.token(make.user())
    assert client.get("/api/auth/me", headers={"Authorization": spelling.format(token)}).status_code == 200


@pytest.mark.parametrize("spelling", ["{}", "Token {}", "Basic {}", "Bearer", "Bearer ", "JWT {}", "Bearer{}"])
def test_another_scheme_is_no_token(make, client, spelling):
    token = make.token(make.user())
    answer = client.get("/api/auth/me", headers={"Authorization": spelling.format(token)})
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_refused_caller_s_body_is_not_read(client, sign_in):
    assert client.post("/api/requests/", data=b"{").status_code == 401
    assert sign_in(Role.MASTER).post("/api/requests/", data=b"{").status_code == 403
    assert sign_in(Role.CLIENT).post("/api/requests/", data=b"{", content_type="application/json").status_code == 400
