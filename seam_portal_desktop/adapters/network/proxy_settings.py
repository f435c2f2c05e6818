"""The proxies that the environment names, or the settings of Windows and macOS.

httpx reads the same settings, but one that it can't read makes every call fail. Here such a setting
is left out and named. The words of no_proxy are those of curl and Go, and of Windows' exceptions.
"""

from __future__ import annotations

import os
import re
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment

from seam_portal_desktop.domain.address import ascii_host, is_loopback, read_address
from seam_portal_desktop.domain.proxy import Proxy, ProxyKind
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _

_NAMES = ("http", "https", "all", *(["socks"] if sys.platform == "darwin" else []))
_KINDS = {
    "http": ProxyKind.HTTP,
    "https": ProxyKind.HTTPS,
    "socks": ProxyKind.SOCKS5,
    "socks5": ProxyKind.SOCKS5,
    "socks5h": ProxyKind.SOCKS5,  # the proxy looks the name up, which it always does here
}
_DEFAULT_PORTS = {ProxyKind.HTTP: 80, ProxyKind.HTTPS: 443, ProxyKind.SOCKS5: 1080}
_HOST = re.compile(r"[a-z0-9_.-]+|[0-9a-f:.]+")
_PATTERN = re.compile(r"[a-z0-9_.*-]+")
_BRACKETS = re.compile(r"^\[([0-9a-f:.]+)\](/[0-9]+)?$|^\[([0-9a-f:.]+/[0-9]+)\]$")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Exception:
    """One word of no_proxy: hosts that need no proxy."""

    host: str = ""  # a name and all below it, or a pattern with *
    network: IPv4Network | IPv6Network | None = None
    scheme: str = ""
    port: int | None = None

    def covers(self, scheme: str, host: str, port: int) -> bool:
        if self.scheme not in ("", scheme) or self.port not in (None, port):
            return False
        if self.network is not None:
            try:
                return ip_address(host) in self.network
            except ValueError:
                return False
        if self.host == "<local>":
            return "." not in host and ":" not in host
        if "*" in self.host:
            return fnmatchcase(host, self.host)
        return host == self.host or host.endswith(f".{self.host}")


class ProxySettings:
    """The proxies in `settings`, which is as urllib.request.getproxies gives it.

    ``ignored`` names each setting that can't be read, with the reason and without passwords.
    ``names_any`` is whether there is a setting of a proxy, readable or not. Exceptions are none.
    """

    def __init__(self, settings: Mapping[str, str]) -> None:
        ignored: list[str] = []
        self._proxies: dict[str, Proxy] = {}
        texts = {name: settings.get(name, "").strip() for name in _NAMES}
        self.names_any = any(texts.values())
        for name, text in texts.items():
            if text:
                try:
                    self._proxies[name] = _parse_proxy(text)
                except ValueError as error:
                    ignored.append(f"{_source(name)} ({error})")
        self._exceptions: list[_Exception] = []
        for word in re.split(r"[,;\s]+", settings.get("no", "")):
            if word:
                try:
                    self._exceptions.append(_parse_exception(word.lower()))
                except ValueError:
                    shown = _("a word") if "@" in word else f"“{word[:_LONGEST_NAME]}”"
                    ignored.append(
                        _("{shown} in {source} (it is no host)").format(
                            shown=shown, source=_source("no")
                        )
                    )
        self.ignored = tuple(ignored)

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy for an http or https address; None if it needs none, as this machine does.

        Raises ValueError if `url` can't be parsed.
        """
        address = read_address(url)
        if address is None:
            raise ValueError("no web address")
        if is_loopback(address.host):
            return None
        if any(
            each.covers(address.scheme, address.host, address.port) for each in self._exceptions
        ):
            return None
        names = (address.scheme, "all", "socks")
        return next((self._proxies[name] for name in names if name in self._proxies), None)

    def describe(self) -> str:
        """One line for diagnostics, without users and passwords."""
        parts = [
            _("{source} is {proxy}").format(source=_source(name), proxy=proxy)
            for name, proxy in self._proxies.items()
        ]
        parts += [_("not used: {note}").format(note=note) for note in self.ignored]
        return "; ".join(parts) or "none"


def read_proxy_settings() -> ProxySettings:
    """The settings as they are now. Never fails for what is in them. Reads no file.

    The environment's proxies replace all settings of the system. If it has only exceptions
    (no_proxy), they are added to the system's.
    """
    environment = getproxies_environment()
    found = ProxySettings(environment)
    if found.names_any:
        return found
    settings = _system_settings()
    exceptions = [each["no"] for each in (environment, settings) if each.get("no")]
    return ProxySettings({**settings, "no": ",".join(exceptions)})


def read_proxy_environment() -> ProxySettings:
    """The same, but only of the environment."""
    return ProxySettings(getproxies_environment())


def _system_settings() -> Mapping[str, str]:
    """The settings of Windows and macOS. Empty elsewhere."""
    # urllib.request.getproxies returns them only if the environment has no variable at all.
    name = {"win32": "getproxies_registry", "darwin": "getproxies_macosx_sysconf"}
    read = getattr(urllib.request, name.get(sys.platform, ""), dict[str, str])
    settings: Mapping[str, str] = read()
    return settings


def _source(name: str) -> str:
    variable = f"{name}_proxy"
    for spelled in (variable, variable.upper()):
        if spelled in os.environ:
            return spelled
    return _("the system's {name} proxy").format(name=name)


def _parse_proxy(text: str) -> Proxy:
    """Raises ValueError with a reason for people, which quotes nothing of a password."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        raise ValueError("it is no address") from None
    kind = _KINDS.get(parts.scheme)
    if kind is None:
        raise ValueError("only HTTP and SOCKS 5 proxies are supported")
    if not _HOST.fullmatch(host) or port == 0:
        raise ValueError("it is no address")
    user = unquote(parts.username or "")
    password = Secret(unquote(parts.password or "")) if user or parts.password else None
    return Proxy(kind, host, port or _DEFAULT_PORTS[kind], user, password)


def _parse_exception(word: str) -> _Exception:
    """Raises ValueError."""
    scheme, _unused, rest = word.rpartition("://")
    if rest in ("*", "<local>"):
        return _Exception(rest, scheme=scheme)
    network = _BRACKETS.sub(r"\1\2\3", rest)  # [fd00::]/8 and [fd00::/8]
    if (found := _network(network)) is not None:
        return _Exception(network=found, scheme=scheme)
    parts = urlsplit(f"//{rest}")
    name, port = (parts.hostname or "").removeprefix("*.").lstrip("."), parts.port
    if parts.path or parts.username is not None or port == 0:
        raise ValueError
    if "*" in name:
        if not _PATTERN.fullmatch(name):
            raise ValueError
        return _Exception(name, scheme=scheme, port=port)
    host = ascii_host(name)
    if (found := _network(host)) is not None:
        return _Exception(network=found, scheme=scheme, port=port)
    return _Exception(host, scheme=scheme, port=port)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None
