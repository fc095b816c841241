"""Who asks, and how: the address and the scheme of a request, through proxies of our own only.

Anybody can write `X-Forwarded-For`. What stands in it counts only as far as a setting says that so many proxies of
ours stand before the web server: each of them appends what it saw, so the last entries are theirs.
"""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.types import Scope


def client_of(scope: Scope, *, proxies: int) -> str:
    """The address that asks; of IPv6 its network, since one client has a whole one. Empty when nobody knows."""
    peer = scope.get("client")
    told = _said(scope, b"x-forwarded-for", proxies)
    return _named(told) or _named(peer[0] if peer else "")


def is_https(scope: Scope, *, proxies: int) -> bool:
    """Whether it came over https, as we or the proxy nearest to the client saw it."""
    return (_said(scope, b"x-forwarded-proto", proxies) or scope.get("scheme", "")) == "https"


def _said(scope: Scope, name: bytes, proxies: int) -> str:
    """What the outermost of our own proxies appended; a proxy that only sets a header appends once."""
    if not proxies:
        return ""
    values = b",".join(value for header, value in scope["headers"] if header == name)
    said = [part.strip() for part in values.decode("latin-1").split(",")]
    return said[-min(proxies, len(said))]


def _named(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, 64), strict=False))
