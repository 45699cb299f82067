"""Fault tests: they share one shop, and each test restores it.

`python3 run.py test tests/faults --rounds 20 --zones` is the long run, which writes its figures to
`docs/reliability.md`.
"""

import tempfile
from pathlib import Path

import pytest

from models import Role
from tests.faults.caller import Listener
from tests.faults.figures import Figures
from tests.faults.journal import Journal
from tests.faults.load import create_people
from tests.faults.shop import Shop
from tests.kit.clusters import copy_cluster


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=1, help="how often each process is killed under load")
    parser.addoption("--zones", action="store_true", help="run the suite under four time zones, too (minutes)")


def pytest_generate_tests(metafunc):
    if "round_number" in metafunc.fixturenames:
        metafunc.parametrize("round_number", range(1, rounds(metafunc.config) + 1))


def pytest_collection_modifyitems(config, items):
    """Deselect the runs of the suite in other time zones unless `--zones` is given."""
    if not config.getoption("zones", False):
        long = [item for item in items if item.get_closest_marker("zones")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


def rounds(config):
    """Number of rounds; the option exists only if this folder was named."""
    return config.getoption("rounds", 1)


@pytest.fixture(scope="session")
def shop(template_cluster):
    """The shop, in a folder with a short path, because socket paths are limited."""
    with tempfile.TemporaryDirectory(prefix="shop-") as folder:
        copy_cluster(template_cluster, Path(folder) / "postgres")
        with Shop(folder) as shop:
            yield shop


@pytest.fixture(scope="session")
def people(shop):
    """Accounts of the load."""
    return create_people(shop.make)


@pytest.fixture(scope="session")
def journal():
    """Calls and answers of the whole run."""
    return Journal()


@pytest.fixture(scope="session")
def manager(shop):
    """(user_id, token) of a user who sees every request."""
    user = shop.make.user(Role.MANAGER)
    return user.user_id, shop.make.token(user)


@pytest.fixture
def listener(shop, manager):
    """Reader of the live feed that reconnects."""
    with Listener(shop.port, manager) as listener:
        yield listener


@pytest.fixture(scope="session")
def figures(request, shop, journal):
    """Figures of the run."""
    figures = Figures(rounds(request.config), journal)
    yield figures
    figures.write(shop)
