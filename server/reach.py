"""Where other machines find this server: what the page shows to be typed or scanned."""

from __future__ import annotations

import ipaddress
import socket

ELSEWHERE = ("192.0.2.1", 9)
"""An address reserved for documentation (RFC 5737). Nothing is sent there: it makes the system choose a way out."""


def address_for_others(host: str, port: int) -> str | None:
    """The address of a server that listens on `host` and `port`; None where no other machine can reach it."""
    try:
        listening = ipaddress.ip_address(host)
    except ValueError:  # a name
        return None if host == "localhost" else f"http://{host}:{port}"
    if listening.is_loopback:
        return None
    if not listening.is_unspecified:
        return f"http://[{host}]:{port}" if listening.version == 6 else f"http://{host}:{port}"
    own = own_address()
    return None if own is None else f"http://{own}:{port}"


def own_address() -> str | None:
    """This machine's address on its network (IPv4); None where it has none but its own."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way_out:
            way_out.connect(ELSEWHERE)
            found = str(way_out.getsockname()[0])
    except OSError:
        return None
    return None if ipaddress.ip_address(found).is_loopback else found
