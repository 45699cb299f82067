"""Pages and their totals."""

from models.enums import Role


def test_total_counts_the_rows_where_no_filter_narrows_them(make, login):
    for _ in range(3):
        make.request()
    admin = login(make.user(Role.ADMIN))
    assert admin.get("/api/requests/?count=1&limit=1").json["total"] == 3
