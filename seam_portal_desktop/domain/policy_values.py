"""How the values of a policy are read. A mistake in one is never ignored.

It is read before the list is painted, so it imports little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from seam_portal_desktop.domain.address import ascii_host
from seam_portal_desktop.domain.endpoint import InvalidEndpointError, parse_endpoint
from seam_portal_desktop.domain.message.delivery import SendChannel
from seam_portal_desktop.domain.preferences import setting_problem
from seam_portal_desktop.domain.secret import Secret
from seam_portal_desktop.texts import _

if TYPE_CHECKING:
    from seam_portal_desktop.domain.message.oauth import OAuthProvider

_DATABASES = ("postgresql", "postgresql+psycopg", "sqlite")


class UpdateChannel(StrEnum):
    """Which releases the program looks for; `OFF` looks for none."""

    STABLE = "stable"
    BETA = "beta"
    OFF = "off"


class InvalidPolicyError(ValueError):
    """A setting can't be used. The text names it and explains why, for the administrator.

    It never quotes a value, which may be a misplaced password.
    """


def read_value(key: str, value: object) -> object:
    """The value of a setting in the policy's own type. Raises InvalidPolicyError.

    `key` is one of the schema's, and `value` has a type of JSON.
    """
    return _READERS.get(key, _setting)(key, value)


def host_name(host: str) -> str:
    """`ascii_host` without a dot at the end. Raises ValueError for what is no name or address."""
    return ascii_host(host.strip()).rstrip(".")


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InvalidPolicyError(_("{key} must be text.").format(key=key))
    return value.strip()


def _endpoint(key: str, value: object) -> str:
    try:
        return parse_endpoint(_text(key, value))
    except InvalidEndpointError as error:
        raise InvalidPolicyError(f"{key}: {error}") from None


def _hosts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(host, str) for host in value):
        raise InvalidPolicyError(_("{key} must be a list of host names.").format(key=key))
    hosts = []
    for host in value:
        below = host.strip().startswith("*.")
        try:
            name = host_name(host.strip().removeprefix("*."))
        except ValueError:
            raise InvalidPolicyError(
                _(
                    "{key} has an entry that is no host name; write portal.example or *.example."
                ).format(key=key)
            ) from None
        hosts.append(f"*.{name}" if below else name)
    return tuple(hosts)


def _database(key: str, value: object) -> Secret:
    text = _text(key, value)
    try:
        parts = urlsplit(text)
        _unused = parts.port  # raises for a number that is no port
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in _DATABASES or not parts.path.strip("/"):
        raise InvalidPolicyError(
            _("{key} must be a URL such as postgresql://user:password@host/database.").format(
                key=key
            )
        )
    return Secret(text)


def _channel(key: str, value: object) -> UpdateChannel:
    text = _text(key, value)
    try:
        return UpdateChannel(text)
    except ValueError:
        known = ", ".join(UpdateChannel)
        raise InvalidPolicyError(
            _("{key} must be one of {known}.").format(key=key, known=known)
        ) from None


def _send_channels(key: str, value: object) -> frozenset[SendChannel]:
    known = {channel.value: channel for channel in SendChannel}
    if not isinstance(value, list) or not all(
        isinstance(name, str) and name in known for name in value
    ):
        raise InvalidPolicyError(
            _("{key} must be a list of {known}.").format(key=key, known=", ".join(known))
        )
    return frozenset(known[name] for name in value)


def _sign_in_providers(key: str, value: object) -> tuple[OAuthProvider, ...]:
    from seam_portal_desktop.domain.message.oauth import read_provider  # most policies have none

    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise InvalidPolicyError(_("{key} must be a list of texts.").format(key=key))
    try:
        providers = tuple(read_provider(text) for text in value)
    except ValueError as error:
        raise InvalidPolicyError(
            _("{key} has a provider that can’t be used: {error}.").format(key=key, error=error)
        ) from None
    if len({each.provider_id for each in providers}) != len(providers):
        raise InvalidPolicyError(_("{key} has two providers with one id.").format(key=key))
    return providers


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise InvalidPolicyError(_("{key} must be true or false.").format(key=key))
    return value


def _setting(key: str, value: object) -> object:
    problem = setting_problem(key, value)
    if problem:
        raise InvalidPolicyError(f"{key} {problem}")
    return value


_READERS: Mapping[str, Callable[[str, object], object]] = {
    "endpoint": _endpoint,
    "allowed_hosts": _hosts,
    "ledger_url": _database,
    "update_channel": _channel,
    "live_preview": _flag,
    "smtp": _flag,
    "recipient_domains": _hosts,
    "internal_domains": _hosts,
    "forbidden_channels": _send_channels,
    "sign_in_providers": _sign_in_providers,
}
