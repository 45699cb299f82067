"""Fuzzing: valid and invalid calls generated from the OpenAPI document, with checks of the answers."""

from collections import Counter
from dataclasses import dataclass, field

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema


@dataclass
class Result:
    """Result of a run: the statuses of all calls, and one example per kind of failure."""

    statuses: Counter = field(default_factory=Counter)
    failures: dict = field(default_factory=dict)

    def add(self, recorder):
        """Count a scenario's calls and keep its failures."""
        for case_id, interaction in recorder.interactions.items():
            self.statuses[interaction.response.status_code if interaction.response else "none"] += 1
            for check in recorder.checks.get(case_id, ()):
                if check.failure_info is not None:
                    failure = check.failure_info.failure
                    what = f"{recorder.label}: {failure.title}: {failure.message}"
                    self.failures[what] = check.failure_info.code_sample


_NO_IDS_OF_ANSWERS = {"extra-data-sources": {"responses": False}}
"""Ids in answers would lead an administrator to the calling account, and a call would deactivate it."""

SIGNS_OUT = "^/api/auth/logout"


def fuzz(url, token, another, examples, **options):
    """Call every operation of a running server with the token (None: without) and return the Result.

    `examples` limits the generated calls per operation; `another` is a token that sign-out calls may revoke;
    `seed` repeats a run; without `coverage` only random calls are made.
    """
    result = Result()
    for given, left_out in ((token, {"include-path-regex": SIGNS_OUT}), (another, {"exclude-path-regex": SIGNS_OUT})):
        config = _config(given, left_out, examples, **options)
        schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json", config=config)
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                result.add(event.recorder)
            elif isinstance(event, events.NonFatalError | events.FatalError):
                result.failures[f"error of {getattr(event, 'label', 'the run')}"] = repr(event)
    return result


def _config(token, left_out, examples, seed=None, coverage=True):
    """All checks except the acceptance of valid data: business rules reject some values that the document allows."""
    settings = {
        "workers": 1,
        "continue-on-failure": True,
        "generation": {"max-examples": examples, "database": "none"},
        "phases": {
            "stateful": {"enabled": False},
            "coverage": {"enabled": coverage} | _NO_IDS_OF_ANSWERS,
            "fuzzing": _NO_IDS_OF_ANSWERS,
        },
        "checks": {
            "positive_data_acceptance": {"enabled": False},
            "missing_required_header": {"expected-statuses": [400, 401, 403, 404, 409, 422, 428]},
        },
        "auth": {"auto-signup": False} | ({"openapi": {"bearer": {"bearer": token}}} if token else {}),
        "operations": [left_out | {"enabled": False}, {"include-path": "/api/events/", "request-timeout": 0.2}],
    }
    return SchemathesisConfig.from_dict(settings | ({} if seed is None else {"seed": seed}))
