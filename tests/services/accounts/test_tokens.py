"""Tokens with hostile JSON; other forgeries are in `tests/security/test_tokens.py`."""

import base64
import hmac
import json

import pytest

from tests.security.test_tokens import claims_of, me, refusal, signed, token  # noqa: F401  a fixture
from tools.local_server import SECRET_KEY

SIGNATURE = "A" * 43


def encoded(text):
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "header",
    ["[" * 5000, '{"a":' * 5000, "[" * 5000 + "]" * 5000, "null", "[]", "1", '"x"', "", "{", "9" * 5000, "NaN",
     '{"alg": 1}',
     '{"alg": "HS256", "crit": ["x"]}', '{"alg": "HS256", "b64": false}', '{"alg": ["HS256"]}', '{"alg": {"a": 1}}'],
)  # fmt: skip
def test_header_that_is_poison_is_no_token(client, token, header):  # noqa: F811
    payload = token.split(".")[1]
    assert refusal(me(client, f"{encoded(header)}.{payload}.{SIGNATURE}")) == (401, "token_invalid")


@pytest.mark.parametrize("payload", ["[" * 5000, "null", "[]", "1", '"x"', "", "{", '{"exp": 1e400}', "9" * 5000])
def test_payload_that_is_poison_is_no_token_though_it_is_signed(client, payload):
    text = f"{encoded(json.dumps({'alg': 'HS256', 'typ': 'JWT'}))}.{encoded(payload)}"
    mac = base64.urlsafe_b64encode(hmac.digest(SECRET_KEY.encode(), text.encode(), "sha256")).decode().rstrip("=")
    assert refusal(me(client, f"{text}.{mac}")) == (401, "token_invalid")


@pytest.mark.parametrize("moment", [float("inf"), float("-inf"), float("nan"), -(10**30), "1e400", {}])
def test_end_that_is_no_moment_makes_no_token(client, token, moment):  # noqa: F811
    assert me(client, signed(claims_of(token) | {"exp": moment})).status_code == 401
    assert me(client, token).status_code == 200
