"""The client's address: that of the connection, or the one given by a trusted proxy."""

import pytest
from waitress.adjustments import Adjustments

from launcher import server
from middleware.trusted_proxy import TrustedProxy


def seen(trusted, peer, forwarded=None, proto=None):
    """(address, scheme) as the application sees them."""
    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http"}
    environ |= {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    environ |= {"HTTP_X_FORWARDED_PROTO": proto} if proto is not None else {}
    TrustedProxy(lambda env, _start: None, trusted)(environ, None)
    return environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ([], "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (["10.0.0.1"], "10.0.0.2", "203.0.113.9", "10.0.0.2"),
        (["10.0.0.1"], "10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (["10.0.0.0/24"], "10.0.0.1", "203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (["10.0.0.1"], "10.0.0.1", None, "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "not an address", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "evil, 203.0.113.9", "203.0.113.9"),
        (["::1"], "::1", "2001:db8::5", "2001:db8::5"),
        (["10.0.0.1"], "", "203.0.113.9", ""),
        (["10.0.0.0/8"], "::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (["10.0.0.0/8"], "10.0.0.1", "203.0.113.9, ::ffff:10.0.0.7", "203.0.113.9"),
    ],
)
def test_address_is_believed_from_configured_proxies_only(trusted, peer, forwarded, address):
    assert seen(trusted, peer, forwarded)[0] == address


def test_server_on_windows_leaves_the_headers_to_us(monkeypatch):
    monkeypatch.setattr(server, "WINDOWS", True)
    options, _ = Adjustments.parse_args(server._server_command("127.0.0.1:5000")[3:])
    assert options["clear_untrusted_proxy_headers"] == "false"


def test_scheme_is_believed_from_configured_proxies_only():
    assert seen(["10.0.0.1"], "10.0.0.1", proto="https")[1] == "https"
    assert seen(["10.0.0.1"], "10.0.0.2", proto="https")[1] == "http"
    assert seen(["10.0.0.1"], "10.0.0.1", proto="javascript")[1] == "http"


def test_throttle_counts_addresses_that_cannot_be_forged(client, make, monkeypatch):
    monkeypatch.setattr("services.accounts.sign_in.verify_password", lambda *_: False)
    email = make.user().email
    statuses = [
        client.post(
            "/api/auth/login",
            json={"email": email, "password": "Ne-Tot-Parol-7"},
            headers={"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"},
        ).status_code
        for number in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2
