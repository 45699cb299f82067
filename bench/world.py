"""One database under load: its server, tokens, and the rows used by the calls."""

from contextlib import closing
from types import SimpleNamespace

import psycopg2

from bench import data, place
from database import db
from services.accounts import tokens
from services.common import paging
from services.common.clock import now
from services.requests import lists

DEEP_ROW = 100_000
"""Row offset of page 5,000 of 20 rows; a smaller database uses its last page."""


class World:
    """The database at `url` with `n` requests, accessed through the program's code in this process."""

    def __init__(self, url, n, server):
        self.url, self.n, self.server = url, n, server
        self.app = place.make_app(url)
        self._renew_passwords()
        self.manager = self.token(data.MANAGER_ID)
        self.master_id = self.one(
            "SELECT masterid FROM repair_requests GROUP BY 1 HAVING masterid > 0 ORDER BY count(*) DESC"
        )
        self.master = self.token(self.master_id)
        self.client_id = self.one("SELECT clientid FROM repair_requests GROUP BY 1 ORDER BY count(*) DESC")
        self.client = self.token(self.client_id)

    def token(self, user_id):
        """Bearer token of a new session."""
        return self.tokens([user_id])[0]

    def tokens(self, user_ids):
        """Bearer tokens of new sessions, one per user."""
        with self.app.app_context():
            made = [tokens.issue(user_id)["token"] for user_id in user_ids]
            db.session.commit()
            return made

    def one(self, query, *values):
        """First value of a query."""
        return self.rows(query, *values)[0][0]

    def rows(self, query, *values):
        with closing(psycopg2.connect(self.url)) as connection, connection, connection.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def deep_cursor(self):
        """Cursor of the page at DEEP_ROW."""
        offset = min(DEEP_ROW, self.n - 20) - 1
        query = "SELECT startdate, requestid FROM repair_requests ORDER BY startdate DESC, requestid DESC"
        value, key = self.rows(f"{query} OFFSET %s LIMIT 1", offset)[0]
        order = paging.Order(lists.SORTS, lists.DEFAULT_SORT, None)
        return order.cursor_after(SimpleNamespace(sort_value=value, sort_key=key))

    def spread_ids(self, number):
        """Request ids spread evenly over the history."""
        return [1 + at * (self.n - 1) // max(number - 1, 1) for at in range(number)]

    def client_ids(self, number):
        """Client ids for the requests that the bench creates."""
        clients = max(self.n // data.REQUESTS_A_CLIENT, 2)
        return [data.FIRST_CLIENT_ID + at % clients for at in range(number)]

    def _renew_passwords(self):
        """Keep the passwords of a kept database from being expired."""
        self.rows("UPDATE users SET password_changed_at = %s WHERE password_changed_at < %s", now(), now())
