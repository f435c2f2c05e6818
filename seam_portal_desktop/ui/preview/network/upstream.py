"""Asks a proxy of the user's network for a connection: HTTP's CONNECT, or SOCKS version 5."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import re
import struct
from http import HTTPStatus

from seam_portal_desktop.domain.address import bracketed
from seam_portal_desktop.domain.proxy import Proxy, ProxyKind
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.preview.network import connect_failure as failure
from seam_portal_desktop.ui.preview.network.connect_failure import ConnectError
from seam_portal_desktop.ui.preview.network.local_addresses import parse_address

# RFC 1928 and RFC 1929
VERSION = 5
CONNECT = 1
IPV4, NAME, IPV6 = 1, 3, 4
_NO_SIGN_IN, _PASSWORD = 0, 2
_PASSWORD_VERSION = 1
_LONGEST_FIELD = 255
# A SOCKS proxy's answers that have an error number of their own.
_SOCKS_CODES = {
    3: failure.ADDRESS_UNREACHABLE,
    4: failure.NAME_NOT_RESOLVED,
    5: failure.CONNECTION_REFUSED,
    6: failure.TIMED_OUT,
}

_STATUS_LINE = re.compile(rb"HTTP/1\.[01] (\d{3})\b")


async def request_tunnel(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: Proxy, host: str, port: int
) -> None:
    """Ask `proxy`, at the other end of the streams, to connect to `host`.

    Raises ConnectError, OSError, and EOFError if the proxy ends the connection.
    """
    if proxy.kind is ProxyKind.SOCKS5:
        await _request_socks(reader, writer, proxy, host, port)
    else:
        await _request_connect(reader, writer, proxy, host, port)


async def read_socks_address(reader: asyncio.StreamReader) -> tuple[str, int]:
    """Host and port as they are in a SOCKS request and in its answer. Raises ValueError."""
    (kind,) = await reader.readexactly(1)
    if kind == IPV4:
        host = str(ipaddress.IPv4Address(await reader.readexactly(4)))
    elif kind == IPV6:
        host = str(ipaddress.IPv6Address(await reader.readexactly(16)))
    elif kind == NAME:
        (length,) = await reader.readexactly(1)
        host = (await reader.readexactly(length)).decode("ascii")
    else:
        raise ValueError("This is no kind of address.")
    (port,) = struct.unpack("!H", await reader.readexactly(2))
    return host, port


def _socks_address(host: str, port: int) -> bytes:
    address = parse_address(host)
    if address is None:
        name = host.encode("ascii")
        return bytes((NAME, len(name))) + name + struct.pack("!H", port)
    kind = IPV4 if address.version == 4 else IPV6
    return bytes((kind,)) + address.packed + struct.pack("!H", port)


async def _request_connect(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: Proxy, host: str, port: int
) -> None:
    target = f"{bracketed(host)}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if proxy.user:
        pair = f"{proxy.user}:{_password(proxy)}".encode()
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(pair).decode()}")
    writer.write("\r\n".join([*lines, "", ""]).encode())
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.LimitOverrunError as error:
        raise ConnectError(failure.TUNNEL_CONNECTION_FAILED) from error
    found = _STATUS_LINE.match(head)
    status = int(found[1]) if found else 0
    if status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        raise _sign_in_error(proxy)
    if status != HTTPStatus.OK:
        detail = (
            _("The proxy {host} answered HTTP {status}.").format(host=proxy.host, status=status)
            if status
            else ""
        )
        raise ConnectError(failure.TUNNEL_CONNECTION_FAILED, detail)


async def _request_socks(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: Proxy, host: str, port: int
) -> None:
    methods = (_NO_SIGN_IN, _PASSWORD) if proxy.user else (_NO_SIGN_IN,)
    writer.write(bytes((VERSION, len(methods), *methods)))
    version, method = await reader.readexactly(2)
    if version != VERSION:
        raise ConnectError(failure.PROXY_CONNECTION_FAILED)
    if method == _PASSWORD and proxy.user:
        user, password = proxy.user.encode(), _password(proxy).encode()
        if max(len(user), len(password)) > _LONGEST_FIELD:
            raise _sign_in_error(proxy)
        fields = bytes((len(user),)) + user + bytes((len(password),)) + password
        writer.write(bytes((_PASSWORD_VERSION,)) + fields)
        _unused, refused = await reader.readexactly(2)
        if refused:
            raise _sign_in_error(proxy)
    elif method != _NO_SIGN_IN:
        raise _sign_in_error(proxy)
    writer.write(bytes((VERSION, CONNECT, 0)) + _socks_address(host, port))
    _unused, code, _unused = await reader.readexactly(3)
    if code:
        raise ConnectError(
            _SOCKS_CODES.get(code, failure.TUNNEL_CONNECTION_FAILED),
            _("The proxy {host} refused the connection.").format(host=proxy.host),
        )
    await read_socks_address(reader)


def _password(proxy: Proxy) -> str:
    return proxy.password.reveal() if proxy.password is not None else ""


def _sign_in_error(proxy: Proxy) -> ConnectError:
    if proxy.user:
        detail = _("The proxy {host} refused the name and password in the proxy settings.").format(
            host=proxy.host
        )
    else:
        detail = _("The proxy {host} asks for a name and password.").format(host=proxy.host)
    return ConnectError(failure.PROXY_SIGN_IN, detail)
