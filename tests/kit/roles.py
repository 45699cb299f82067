"""Rights: every route, role, relation and state with the status of the answer, in three tables.

`test_role_table.py` checks all of them; `-` means that nobody has that relation. Without a token every action answers
401, except for the routes in PUBLIC.
"""

from dataclasses import dataclass, field

from models import Scope
from tests.kit.factories import PASSWORD

PUBLIC = {
    "POST /api/auth/register",
    "POST /api/auth/login",
    "GET /api/config",
    "GET /api/feedback/qr.svg",
    "GET /api/health",
    "GET /api/health/ready",
    "GET /api/openapi.json",
    "GET /api/docs",
}
"""Routes without a token."""

FOR_EXPIRED_PASSWORDS = {
    "POST /api/auth/logout",
    "POST /api/auth/logout-all",
    "POST /api/auth/change-password",
    "GET /api/auth/me",
}
"""Routes for a token whose owner must change the password."""

OPENED_BY = {Scope.PASSWORD_CHANGE: FOR_EXPIRED_PASSWORDS}
"""Guarded routes by scope; `full`, which is not listed, opens all of them."""

BODY_LIMITS = dict.fromkeys(
    ("POST /api/auth/register", "POST /api/auth/login", "POST /api/auth/change-password"), 8 * 1024
)
"""Body limits by route, in bytes; 1 MiB for all others."""

REQUEST_COLUMNS = ("client", "stranger", "master", "colleague", "manager", "admin")
"""The request's client, another client, the request's master, another master, and the office's roles."""

ON_A_REQUEST = """
action              states                             client stranger master colleague manager admin

read                new                                200    404      -      200       200     200
read                given,work,waiting,done,cancelled  200    404      200    404       200     200
read history        new                                200    404      -      200       200     200
read history        given,work,waiting,done,cancelled  200    404      200    404       200     200
read comments       new                                200    404      -      200       200     200
read comments       given,work,waiting,done,cancelled  200    404      200    404       200     200
comment             new                                201    404      -      403       201     201
comment             given,work,waiting,done,cancelled  201    404      201    404       201     201
comment internally  new                                422    404      -      403       201     201
comment internally  given,work,waiting,done,cancelled  422    404      201    404       201     201

edit                new                                200    404      -      403       200     200
edit                given                              200    404      403    403       200     200
edit                work,waiting,done,cancelled        409    404      403    403       200     200
edit priority       new,given                          422    404      403    403       200     200
edit priority       work,waiting,done,cancelled        409    404      403    403       200     200

accept              new                                403    403      -      200       403     403
accept              given                              403    403      200    409       403     403
accept              work,waiting,done,cancelled        403    403      409    409       403     403
assign              new,given,work,waiting             403    403      403    403       200     200
assign              done,cancelled                     403    403      403    403       409     409
take away           given                              403    403      403    403       200     200
take away           work,waiting,done,cancelled        403    403      403    403       409     409
see candidates      new,given,work,waiting             403    403      403    403       200     200
see candidates      done,cancelled                     403    403      403    403       200     200
set deadline        new,given,work,waiting             403    403      403    403       200     200
set deadline        done,cancelled                     403    403      403    403       409     409
rate                new,given,work,waiting,cancelled   409    404      403    403       403     403
rate                done                               200    404      403    403       403     403

to Новая заявка     new                                409    404      -      409       409     409
to Новая заявка     given,work,waiting,done,cancelled  409    404      409    404       409     409
to В работе         new                                403    404      -      200       409     409
to В работе         given,waiting                      403    404      200    404       200     200
to В работе         work,cancelled                     409    404      409    404       409     409
to В работе         done                               403    404      403    404       200     200
to Ожидает запчасти new                                409    404      -      409       409     409
to Ожидает запчасти work                               403    404      200    404       200     200
to Ожидает запчасти given,waiting,done,cancelled       409    404      409    404       409     409
to Завершена        new                                409    404      -      409       409     409
to Завершена        work                               403    404      200    404       200     200
to Завершена        given,waiting,done,cancelled       409    404      409    404       409     409
to Отменена         new                                200    404      -      403       200     200
to Отменена         given                              200    404      403    404       200     200
to Отменена         work,waiting                       403    404      403    404       200     200
to Отменена         done,cancelled                     409    404      409    404       409     409
"""

ROLE_COLUMNS = ("client", "master", "manager", "admin")

ON_AN_ACCOUNT = """
action              account                            client master manager admin

see account         self                               200    200    200     200
see account         client                             404    404    200     200
see account         master                             404    404    200     200
see account         manager                            404    404    404     200
see account         admin                              404    404    404     200
rename              self                               200    200    200     200
rename              client                             404    404    403     200
rename              master                             404    404    403     200
rename              manager                            404    404    404     200
rename              admin                              404    404    404     200
switch off          self                               422    422    422     200
switch off          client                             404    404    403     200
switch off          master                             404    404    403     200
switch off          manager                            404    404    404     200
switch off          admin                              404    404    404     200
change role         self                               422    422    422     200
change role         client                             404    404    403     200
change role         master                             404    404    403     200
change role         manager                            404    404    404     200
change role         admin                              404    404    404     200
change e-mail       self                               422    422    422     200
change e-mail       client                             404    404    403     200
change e-mail       master                             404    404    403     200
change e-mail       manager                            404    404    404     200
change e-mail       admin                              404    404    404     200
reset password      self                               403    403    403     200
reset password      client                             403    403    403     200
reset password      master                             403    403    403     200
reset password      manager                            403    403    403     200
reset password      admin                              403    403    403     200
"""

ELSEWHERE = """
action                                                 client master manager admin

list requests                                          200    200    200     200
count requests                                         200    200    200     200
hand in                                                201    403    422     422
hand in for a client                                   422    403    201     201
hand in urgently                                       422    403    201     201
see the load                                           403    403    200     200
see an appliance                                       200    200    200     200
suggest models                                         200    403    200     200
follow events                                          200    200    200     200
read settings                                          403    403    403     200
change settings                                        403    403    403     200
see default settings                                   403    403    403     200
try deadlines                                          403    403    403     200
read the audit log                                     403    403    403     200
list accounts                                          403    403    200     200
open a client's account                                403    403    201     201
open a master's account                                403    403    422     201
open a manager's account                               403    403    422     201
open an administrator's account                        403    403    422     201
statistics                                             403    200    200     200
export requests                                        403    403    200     200
export statistics                                      403    200    200     200
statistics of a master                                 403    403    200     200
own account                                            200    200    200     200
change password                                        200    200    200     200
sign out                                               204    204    204     204
sign out everywhere                                    204    204    204     204
configuration                                          200    200    200     200
feedback code                                          200    200    200     200
health                                                 200    200    200     200
readiness                                              200    200    200     200
API description                                        200    200    200     200
API page                                               200    200    200     200
register                                               201    201    201     201
sign in                                                200    200    200     200
"""


@dataclass(frozen=True)
class Call:
    """A call: `route` as in the URL map; `path` and `body` are templates filled with ids."""

    route: str
    query: str = ""
    body: dict = field(default_factory=dict)
    headers: dict = field(default_factory=dict)


_REQUEST = "/api/requests/<int:requestid>"
_ACCOUNT = "/api/users/<int:user_id>"
_NEW_REQUEST = {"techtype": "Фен", "techmodel": "Philips 5000", "problemdescription": "Не включается"}
_COMMENT = {"requestid": "{requestid}", "message": "Позвонил, согласовали время"}


def _to(status):
    return Call(f"PUT {_REQUEST}/status", body={"requeststatus": status, "comment": "Так договорились"})


def _new_account(user_type):
    person = {"fullname": "Орлова Вера", "email": "orlova@example.org", "user_type": user_type}
    return Call("POST /api/users/", body=person)


CALLS = {
    "read": Call(f"GET {_REQUEST}"),
    "read history": Call(f"GET {_REQUEST}/history"),
    "read comments": Call("GET /api/comments/", query="?requestid={requestid}"),
    "comment": Call("POST /api/comments/", body=_COMMENT),
    "comment internally": Call("POST /api/comments/", body=_COMMENT | {"is_internal": True}),
    "edit": Call(f"PATCH {_REQUEST}", body={"problemdescription": "Всё иначе"}, headers={"If-Match": '"1"'}),
    "edit priority": Call(f"PATCH {_REQUEST}", body={"priority": "Срочный"}, headers={"If-Match": '"1"'}),
    "accept": Call(f"POST {_REQUEST}/accept"),
    "assign": Call(f"PUT {_REQUEST}/master", body={"masterid": "{spare_master}"}),
    "take away": Call(f"PUT {_REQUEST}/master", body={"masterid": None}),
    "see candidates": Call(f"GET {_REQUEST}/candidates"),
    "set deadline": Call(f"PUT {_REQUEST}/deadline", body={"duedate": "2030-01-01T09:00:00Z"}),
    "rate": Call(f"PUT {_REQUEST}/rating", body={"score": 4}),
    "to Новая заявка": _to("Новая заявка"),
    "to В работе": _to("В работе"),
    "to Ожидает запчасти": _to("Ожидает запчасти"),
    "to Завершена": _to("Завершена"),
    "to Отменена": _to("Отменена"),
    "see account": Call(f"GET {_ACCOUNT}"),
    "rename": Call(f"PATCH {_ACCOUNT}", body={"fullname": "Новое Имя"}),
    "switch off": Call(f"PATCH {_ACCOUNT}", body={"is_active": False}),
    "change role": Call(f"PATCH {_ACCOUNT}", body={"user_type": "{another_role}"}),
    "change e-mail": Call(f"PATCH {_ACCOUNT}", body={"email": "{new_email}"}),
    "reset password": Call(f"POST {_ACCOUNT}/password"),
    "list requests": Call("GET /api/requests/"),
    "count requests": Call("GET /api/requests/summary"),
    "hand in": Call("POST /api/requests/", body=_NEW_REQUEST),
    "hand in for a client": Call("POST /api/requests/", body=_NEW_REQUEST | {"clientid": "{client}"}),
    "hand in urgently": Call(
        "POST /api/requests/", body=_NEW_REQUEST | {"clientid": "{client}", "priority": "Срочный"}
    ),
    "see an appliance": Call("GET /api/requests/device", query="?serialnumber=SN-2000-77"),
    "suggest models": Call("GET /api/requests/models", query="?techtype=Фен"),
    "see the load": Call("GET /api/requests/load"),
    "follow events": Call("GET /api/events/"),
    "read settings": Call("GET /api/settings/"),
    "change settings": Call("PATCH /api/settings/", body={"due_soon_hours": 48}),
    "see default settings": Call("GET /api/settings/defaults"),
    "try deadlines": Call("GET /api/settings/deadlines", query="?hours=8&days=1&from=09:00&to=18:00"),
    "read the audit log": Call("GET /api/audit/"),
    "list accounts": Call("GET /api/users/"),
    "open a client's account": _new_account("Клиент"),
    "open a master's account": _new_account("Мастер"),
    "open a manager's account": _new_account("Менеджер"),
    "open an administrator's account": _new_account("Администратор"),
    "statistics": Call("GET /api/statistics/"),
    "export requests": Call("GET /api/requests/export"),
    "export statistics": Call("GET /api/statistics/export"),
    "statistics of a master": Call("GET /api/statistics/", query="?masterid={spare_master}"),
    "own account": Call("GET /api/auth/me"),
    "change password": Call(
        "POST /api/auth/change-password", body={"old_password": PASSWORD, "new_password": "Sovsem-Drugoj-8"}
    ),
    "sign out": Call("POST /api/auth/logout"),
    "sign out everywhere": Call("POST /api/auth/logout-all"),
    "configuration": Call("GET /api/config"),
    "feedback code": Call("GET /api/feedback/qr.svg"),
    "health": Call("GET /api/health"),
    "readiness": Call("GET /api/health/ready"),
    "API description": Call("GET /api/openapi.json"),
    "API page": Call("GET /api/docs"),
    "register": Call(
        "POST /api/auth/register",
        body={"fullname": "Орлова Вера", "email": "orlova@example.org", "password": PASSWORD},
    ),
    "sign in": Call("POST /api/auth/login", body={"email": "{email}", "password": PASSWORD}),
}


@dataclass(frozen=True)
class Row:
    """One line of a table: an action, its object (a state, an account, or nothing), one status per column."""

    action: str
    where: str
    statuses: dict


def request_rows():
    """Return all actions on a request, in all states."""
    return list(_rows(ON_A_REQUEST, REQUEST_COLUMNS))


def account_rows():
    """Return all actions on an account: the user's own one, or one of each role."""
    return list(_rows(ON_AN_ACCOUNT, ROLE_COLUMNS))


def other_rows():
    """Return all actions without an object in the path."""
    return list(_rows(ELSEWHERE, ROLE_COLUMNS, named=False))


def _rows(table, columns, named=True):
    _head, *lines = filter(None, table.splitlines())
    for line in lines:
        words = line.split()
        statuses = {column: _status(word) for column, word in zip(columns, words[-len(columns) :], strict=True)}
        name = words[: -len(columns)]
        places = name.pop().split(",") if named else [""]
        for where in places:
            yield Row(" ".join(name), where, statuses)


def _status(word):
    return None if word == "-" else int(word)
