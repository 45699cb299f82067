"""Repair history of an appliance, a client's appliances, and popular models.

The cost does not depend on the length of the history: an index gives the newest requests, and only those are read.
"""

from functools import cache

from sqlalchemy import BigInteger, String, and_, bindparam, cast, false, func, literal, or_, select, true, union_all

from database import db
from models.request import MODEL_KEY, SERIAL_KEY, RepairRequest
from models.user import User
from services.requests.visibility import find_visible, placeholder_user, visible_to

SHOWN = 10
"""Limit of requests of one appliance in an answer."""

SCAN_LIMIT = 200
"""Newest requests of a serial number, or of a client's model, that are checked for visibility."""

OWN_SHOWN, OWN_SCAN_LIMIT = 6, 50
COMMON_SHOWN, COMMON_SCAN_LIMIT = 8, 2000

COMMON_FROM = 3
"""Clients who must have a model before it is suggested to others: private input stays private."""

PROBLEM_SHOWN = 200
SHORTEST_SERIAL = 4

_text = {name: cast(bindparam(name), String) for name in ("serialnumber", "techmodel", "techtype", "q")}
_number = {name: bindparam(name, type_=BigInteger) for name in ("requestid", "clientid")}


def same_device(user, requestid=None, serialnumber=None, techmodel=None, clientid=None):
    """Other visible requests of the same appliance, newest first: `{items, has_more}`.

    The appliance is that of a request, or is given by its serial number or by client and model. A match by client and
    model requires that the serial numbers do not differ. A Клиент can give only their own. Raises NotFound.
    """
    described = {"serialnumber": serialnumber, "techmodel": techmodel, "clientid": clientid}
    device = described if requestid is None else _device_of(find_visible(user, requestid))
    if user.is_client:
        device["clientid"] = user.user_id
    device["serialnumber"] = _as_serial(device["serialnumber"])
    values = device | {"requestid": requestid or 0, "me": user.user_id}
    rows = db.session.execute(_select_same(user.user_type), values).all()
    return {"items": [_as_json(row) for row in rows[:SHOWN]], "has_more": len(rows) > SHOWN}


def suggestions(user, techtype=None, q=None, clientid=None):
    """Suggestions for a new request: `{own, common}`.

    `own`: the latest appliances of the client (a Клиент's own, for the office those of `clientid`); `common`: models
    of the type that at least COMMON_FROM clients have among the latest requests, the most common first.
    """
    owner = user.user_id if user.is_client else clientid
    return {"own": _own(user, owner) if owner else [], "common": _common(techtype, q) if techtype else []}


def _device_of(repair):
    return {"serialnumber": repair.serialnumber, "techmodel": repair.techmodel, "clientid": repair.clientid}


def _as_serial(text):
    """The serial number, or None for placeholders: «нет», «б/н», «-», «0»."""
    is_one = text and len(text.strip()) >= SHORTEST_SERIAL and any(sign.isdecimal() for sign in text)
    return text if is_one else None


@cache
def _select_same(role):
    """Statement for all users of a role."""
    found = union_all(_by_serial(), _by_model()).subquery("found")
    keys = select(found.c.requestid, func.bool_or(found.c.by_serial).label("by_serial")).group_by(found.c.requestid)
    keys = keys.subquery("keys")
    query = (
        select(
            RepairRequest.requestid,
            RepairRequest.techtype,
            RepairRequest.techmodel,
            RepairRequest.serialnumber,
            func.left(RepairRequest.problemdescription, PROBLEM_SHOWN).label("problemdescription"),
            RepairRequest.requeststatus,
            RepairRequest.startdate,
            RepairRequest.completiondate,
            RepairRequest.masterid,
            User.fullname.label("master_fullname"),
            keys.c.by_serial,
        )
        .join(keys, keys.c.requestid == RepairRequest.requestid)
        .outerjoin(User, User.user_id == RepairRequest.masterid)
        .where(visible_to(placeholder_user(role)), RepairRequest.requestid != _number["requestid"])
    )
    return query.order_by(RepairRequest.requestid.desc()).limit(SHOWN + 1)


def _by_serial():
    return _newest(true(), _key(_text["serialnumber"]) == SERIAL_KEY)


def _by_model():
    """Two different serial numbers are two appliances."""
    no_other = or_(
        RepairRequest.serialnumber.is_(None),
        _text["serialnumber"].is_(None),
        _key(_text["serialnumber"]) == SERIAL_KEY,
    )
    same = and_(RepairRequest.clientid == _number["clientid"], _key(_text["techmodel"]) == MODEL_KEY, no_other)
    return _newest(false(), same)


def _newest(by_serial, condition):
    query = select(RepairRequest.requestid, by_serial.label("by_serial")).where(condition)
    return select(query.order_by(RepairRequest.requestid.desc()).limit(SCAN_LIMIT).subquery())


def _key(text):
    return func.lower(func.btrim(text))


def _as_json(row):
    return {
        "requestid": row.requestid,
        "techtype": row.techtype,
        "techmodel": row.techmodel,
        "serialnumber": row.serialnumber,
        "problemdescription": row.problemdescription,
        "requeststatus": row.requeststatus,
        "startdate": row.startdate,
        "completiondate": row.completiondate,
        "master": {"user_id": row.masterid, "fullname": row.master_fullname} if row.masterid else None,
        "same": "serialnumber" if row.by_serial else "techmodel",
    }


def _own(user, clientid):
    """A client's latest appliances without duplicates, with the serial number if known."""
    rows = db.session.execute(_select_own(user.user_type), {"clientid": clientid, "me": user.user_id}).mappings()
    devices = {}
    for row in rows:
        names = (row["techtype"], row["techmodel"], row["serialnumber"] or "")
        devices.setdefault(tuple(name.strip().lower() for name in names), dict(row))
    numbered = {names[:2] for names in devices if names[2]}
    each = [device for names, device in devices.items() if names[2] or names[:2] not in numbered]
    return each[:OWN_SHOWN]


@cache
def _select_own(role):
    query = select(
        RepairRequest.requestid,
        RepairRequest.techtype,
        RepairRequest.techmodel,
        RepairRequest.serialnumber,
        RepairRequest.address,
        RepairRequest.startdate,
    ).where(RepairRequest.clientid == _number["clientid"], visible_to(placeholder_user(role)))
    return query.order_by(RepairRequest.startdate.desc(), RepairRequest.requestid.desc()).limit(OWN_SCAN_LIMIT)


def _common(techtype, q):
    return db.session.scalars(_select_common(), {"techtype": techtype, "q": q or ""}).all()


@cache
def _select_common():
    latest = (
        select(RepairRequest.techmodel, RepairRequest.clientid)
        .where(RepairRequest.techtype == _text["techtype"])
        .order_by(RepairRequest.startdate.desc(), RepairRequest.requestid.desc())
        .limit(COMMON_SCAN_LIMIT)
        .subquery("latest")
    )
    key, clients = _key(latest.c.techmodel), func.count(latest.c.clientid.distinct())
    spelling = func.mode().within_group(latest.c.techmodel)
    wanted = func.strpos(key, _key(_text["q"])) > literal(0)
    query = select(spelling).where(or_(_text["q"] == "", wanted)).group_by(key).having(clients >= COMMON_FROM)
    return query.order_by(clients.desc(), key).limit(COMMON_SHOWN)
