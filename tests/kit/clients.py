"""Clients of the API."""

from tests.kit.factories import Factory


class SignedIn:
    """Test client with a bearer token of a real session; `.user` is its owner."""

    def __init__(self, app, user):
        self.user = user
        self.client = app.test_client()
        self.token = Factory(app).token(user)

    def open(self, method, path, headers=None, **options):
        bearer = {"Authorization": f"Bearer {self.token}"}
        return self.client.open(path, method=method, headers=bearer | dict(headers or {}), **options)

    def get(self, path, **options):
        return self.open("GET", path, **options)

    def post(self, path, **options):
        return self.open("POST", path, **options)

    def put(self, path, **options):
        return self.open("PUT", path, **options)

    def patch(self, path, **options):
        return self.open("PATCH", path, **options)
