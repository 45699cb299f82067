"""Client address behind reverse proxies: `X-Forwarded-For` and `-Proto` of configured proxies only."""

from ipaddress import ip_address, ip_network


class TrustedProxy:
    """WSGI layer: sets REMOTE_ADDR to the nearest address that is not a trusted proxy.

    `trusted` is a list of addresses or networks. Headers from other clients are ignored.
    """

    def __init__(self, application, trusted):
        self.application = application
        self.trusted = [ip_network(text, strict=False) for text in trusted]

    def __call__(self, environ, start_response):
        if self._is_trusted(environ.get("REMOTE_ADDR", "")):
            environ["REMOTE_ADDR"] = self._caller(environ)
            if environ.get("HTTP_X_FORWARDED_PROTO") in ("http", "https"):
                environ["wsgi.url_scheme"] = environ["HTTP_X_FORWARDED_PROTO"]
        return self.application(environ, start_response)

    def _caller(self, environ):
        """Right-most address of the chain that is not trusted: anything to its left may be forged."""
        nearest = environ["REMOTE_ADDR"]
        for text in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if _address(text.strip()) is None:
                return nearest
            nearest = text.strip()
            if not self._is_trusted(nearest):
                return nearest
        return nearest

    def _is_trusted(self, text):
        address = _address(text)
        return address is not None and any(address in network for network in self.trusted)


def _address(text):
    """Parse an address, or return None; IPv4-mapped IPv6 (`::ffff:10.0.0.1`) becomes IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
