"""Fuzzing by the OpenAPI document, without a token and with a token of each role.

Short by default; the long run: `pytest tests/security/test_fuzz.py --fuzz-examples 100 -s` (`docs/reliability.md`).
"""

import pytest

from models import Role, Status
from tests.kit import fuzz

SYSTEMATIC = Role.ADMIN
"""The role with the most rights: the only one whose short run covers all boundary values."""

FUZZERS_ID = 2**40
"""Ids of the calling accounts are out of the fuzzer's reach, so that it cannot deactivate its own account."""


@pytest.fixture
def people(make):
    """Call it with a role (None: anonymous): tokens of two users, in a shop with a request of each status."""

    def people(role):
        fuzzers = [make.user(role, user_id=FUZZERS_ID + number) for number in range(2)] if role else []
        client = fuzzers[0] if role is Role.CLIENT else make.user(Role.CLIENT)
        master = fuzzers[0] if role is Role.MASTER else make.user(Role.MASTER)
        for status in Status:
            make.request(client, master, status, duedate=None)
        return [make.token(fuzzer) for fuzzer in fuzzers] or [None, None]

    return people


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.name if role else "nobody")
def test_no_call_breaks_a_promise(people, sign_in, live_server, request, role):
    examples, options = request.config.getoption("--fuzz-examples"), {}
    if examples is None:
        examples, options = 2, {"seed": 1, "coverage": role is SYSTEMATIC}
    token, another = people(role)
    result = fuzz.fuzz(live_server.url, token, another, examples, **options)
    print(f"\n{role}: {result.statuses.total()} calls, {dict(sorted(result.statuses.items()))}")
    assert result.failures == {}
    assert not [status for status in result.statuses if int(status) >= 500]
    admin = sign_in(Role.ADMIN)
    for path in ("/api/requests/?count=1", "/api/requests/summary", "/api/statistics/", "/api/users/?limit=100"):
        assert admin.get(path).status_code == 200, path
