"""The measured reads; the writes are in `stories.py`."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from bench import client, texts

IDS = 100
"""Number of different requests that the call `detail` reads."""


@dataclass(frozen=True)
class Read:
    """A GET of the paths of a World in turn; `who` is the World's attribute with the token."""

    name: str
    title: str
    who: str
    paths: object

    def requests(self, world, number):
        """HTTP bytes of `number` calls to the program."""
        return _in_turn([client.get(path, getattr(world, self.who)) for path in paths_of(self, world)], number)

    def floor_requests(self, world, number):
        """HTTP bytes of the same calls to the floor."""
        return _in_turn([client.get(f"/floor/{self.name}/{at}") for at in range(len(paths_of(self, world)))], number)


@cache
def paths_of(read, world):
    """The paths of a Read in a World, computed once."""
    return read.paths(world)


def _in_turn(ways, number):
    return [ways[at % len(ways)] for at in range(number)]


def _list(query=""):
    return lambda _world: [f"/api/requests/{query}"]


def _search(word, limit=20):
    return _list(f"?limit={limit}&q={quote(word)}")


READS = (
    Read("first", "first page", "manager", _list()),
    Read("first_master", "first page, as a Мастер", "master", _list()),
    Read("first_client", "first page, as a Клиент", "client", _list()),
    Read("status", "filter: status", "manager", _list(f"?requeststatus={quote('Завершена')}")),
    Read("master", "filter: master", "manager", lambda world: [f"/api/requests/?masterid={world.master_id}"]),
    Read("techtype", "filter: techtype", "manager", _list(f"?techtype={quote('Холодильник')}")),
    Read("deep", "page 5,000 pages deep", "manager", lambda world: [f"/api/requests/?cursor={world.deep_cursor()}"]),
    Read("detail", "detail", "manager", lambda world: [f"/api/requests/{number}" for number in world.spread_ids(IDS)]),
    Read("rare", "search: rare word", "manager", _search(texts.RARE)),
    # Pages of ten: the small database has only ten requests with the word, so both sides return equal rows.
    Read("one_percent", "search: word in 1 %, page of 10", "manager", _search(texts.ONE_PERCENT, 10)),
    Read("seven_percent", "search: word in 7 %", "manager", _search(texts.SEVEN_PERCENT)),
    Read("absent", "search: absent word", "manager", _search(texts.ABSENT)),
    Read("summary", "summary", "manager", _list("summary")),
    Read("summary_master", "summary, as a Мастер", "master", _list("summary")),
    Read("summary_client", "summary, as a Клиент", "client", _list("summary")),
    Read("statistics", "statistics, last 30 days", "manager", lambda _world: ["/api/statistics/"]),
)
