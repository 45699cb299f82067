"""The fault suite: one shop of its own for all tests, which each of them leaves whole.

`python3 run.py test tests/faults --rounds 20 --zones` is the long run; it writes its figures into
`docs/reliability.md`.
"""

import tempfile

import pytest

from models import Role
from tests.faults.caller import Listener
from tests.faults.figures import Figures
from tests.faults.journal import Journal
from tests.faults.load import hire
from tests.faults.shop import Shop


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=1, help="how often each process is killed under load")
    parser.addoption("--zones", action="store_true", help="run the suite under four time zones, too (minutes)")


def pytest_generate_tests(metafunc):
    if "round_number" in metafunc.fixturenames:
        metafunc.parametrize("round_number", range(1, rounds(metafunc.config) + 1))


def pytest_collection_modifyitems(config, items):
    """The suite under other time zones is not part of the suite."""
    if not config.getoption("zones", False):
        long = [item for item in items if item.get_closest_marker("zones")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


def rounds(config):
    """How many rounds were asked for; the option is unknown where this folder was not named."""
    return config.getoption("rounds", 1)


@pytest.fixture(scope="session")
def shop():
    """The shop; its folder has a short path, because a socket lies in it."""
    with tempfile.TemporaryDirectory(prefix="shop-") as folder, Shop(folder) as shop:
        yield shop


@pytest.fixture(scope="session")
def people(shop):
    """Those who write under load."""
    return hire(shop.make)


@pytest.fixture(scope="session")
def journal():
    """What they asked for and were told, of the whole run."""
    return Journal()


@pytest.fixture(scope="session")
def manager(shop):
    """(user_id, token) of somebody who sees everything."""
    user = shop.make.user(Role.MANAGER)
    return user.user_id, shop.make.token(user)


@pytest.fixture
def listener(shop, manager):
    """Somebody who follows the live feed and comes back when it ends."""
    with Listener(shop.port, manager) as listener:
        yield listener


@pytest.fixture(scope="session")
def figures(request, shop, journal):
    """Collects what the tests measure."""
    figures = Figures(rounds(request.config), journal)
    yield figures
    figures.write(shop)
