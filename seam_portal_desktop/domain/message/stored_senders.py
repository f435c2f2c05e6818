"""The senders in the preferences' file. They hold no secrets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar

from seam_portal_desktop.domain.message.address import MailAddress
from seam_portal_desktop.domain.message.sender import (
    MailAccount,
    Pace,
    Security,
    SenderIdentity,
    SignIn,
)
from seam_portal_desktop.domain.preferences import is_text, is_whole

MOST_SENDERS = 200
LONGEST_SIGNATURE = 5_000
_MOST_OWN_FIELDS = 50
_LARGEST_PORT = 65_535
_LARGEST_NUMBER = 1_000_000_000
_MOST_CONNECTIONS = 20

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""No part of a header may have one: a line break would begin another header."""

_NONE: Mapping[str, str] = MappingProxyType({})
_E = TypeVar("_E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class StoredSenders:
    """`defaults` are sender ids by workspace id. `kept` are the ids of those whose secret is in the
    keyring. `clients` are the client ids of OAuth providers, by provider id."""

    senders: tuple[SenderIdentity, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=lambda: _NONE)
    kept: frozenset[str] = frozenset()
    clients: Mapping[str, str] = field(default_factory=lambda: _NONE)


def read_senders(stored: object) -> StoredSenders:
    """What `write_senders` wrote. Raises ValueError for anything else."""
    if stored is None:
        return StoredSenders()
    root = _object(stored, {"senders", "defaults", "kept", "clients"})
    senders, kept = root.get("senders"), root.get("kept")
    if not isinstance(senders, list) or len(senders) > MOST_SENDERS:
        raise ValueError("senders")
    if not isinstance(kept, list) or not all(map(is_text, kept)):
        raise ValueError("kept")
    found = tuple(map(_sender, senders))
    if len({each.sender_id for each in found}) != len(found):
        raise ValueError("two senders would share one secret")
    return StoredSenders(
        found, _texts(root.get("defaults")), frozenset(kept), _texts(root.get("clients"))
    )


def write_senders(stored: StoredSenders) -> dict[str, Any]:
    return {
        "senders": [_sender_json(each) for each in stored.senders],
        "defaults": dict(stored.defaults),
        "kept": sorted(stored.kept),
        "clients": dict(stored.clients),
    }


def _sender_json(sender: SenderIdentity) -> dict[str, Any]:
    account, pace = sender.account, sender.account.pace
    return {
        "sender_id": sender.sender_id,
        "workspace_id": sender.workspace_id,
        "mail": _address_json(sender.mail),
        "account": {
            "host": account.host,
            "port": account.port,
            "security": account.security.value,
            "sign_in": account.sign_in.value,
            "username": account.username,
            "provider": account.provider,
            "pace": {
                "connections": pace.connections,
                "mails_per_connection": pace.mails_per_connection,
                "per_minute": pace.per_minute,
                "per_day": pace.per_day,
            },
        },
        "reply_to": None if sender.reply_to is None else _address_json(sender.reply_to),
        "company": sender.company,
        "operator": sender.operator,
        "signature": sender.signature,
        "keep_copy": sender.keep_copy,
        "own_fields": dict(sender.own_fields),
    }


def _address_json(mail: MailAddress) -> dict[str, str]:
    return {"address": mail.address, "name": mail.name}


def _sender(stored: object) -> SenderIdentity:
    entry = _object(stored, _SENDER_KEYS)
    reply_to = entry["reply_to"]
    keep_copy = entry["keep_copy"]
    if keep_copy not in (True, False):
        raise ValueError("keep_copy")
    own_fields = _texts(entry["own_fields"])
    if len(own_fields) > _MOST_OWN_FIELDS:
        raise ValueError("own_fields")
    return SenderIdentity(
        sender_id=_text(entry["sender_id"]),
        workspace_id=_text(entry["workspace_id"]),
        mail=_address(entry["mail"]),
        account=_account(entry["account"]),
        reply_to=None if reply_to is None else _address(reply_to),
        company=_text(entry["company"]),
        operator=_text(entry["operator"]),
        signature=_signature(entry["signature"]),
        keep_copy=bool(keep_copy),
        own_fields=own_fields,
    )


def _account(stored: object) -> MailAccount:
    entry = _object(stored, {"host", "port", "security", "sign_in", "username", "provider", "pace"})
    return MailAccount(
        host=_text(entry["host"]),
        port=_number(entry["port"], _LARGEST_PORT),
        security=_member(Security, entry["security"]),
        sign_in=_member(SignIn, entry["sign_in"]),
        username=_text(entry["username"]),
        provider=_text(entry["provider"]),
        pace=_pace(entry["pace"]),
    )


def _pace(stored: object) -> Pace:
    names = {"connections", "mails_per_connection", "per_minute", "per_day"}
    entry = _object(stored, names)

    def limit(name: str) -> int | None:
        return None if entry[name] is None else _number(entry[name], _LARGEST_NUMBER)

    return Pace(
        _number(entry["connections"], _MOST_CONNECTIONS),
        limit("mails_per_connection"),
        limit("per_minute"),
        limit("per_day"),
    )


def _address(stored: object) -> MailAddress:
    entry = _object(stored, {"address", "name"})
    return MailAddress(_text(entry["address"]), _text(entry["name"]))


def _object(stored: object, names: set[str]) -> Mapping[str, Any]:
    if not isinstance(stored, dict) or stored.keys() != names:
        raise ValueError("an object with other keys")
    return stored


def _texts(stored: object) -> Mapping[str, str]:
    if not isinstance(stored, dict) or not all(map(is_text, [*stored, *stored.values()])):
        raise ValueError("texts by name")
    return dict(stored)


def _text(stored: object) -> str:
    if not is_text(stored) or _CONTROL.search(stored):
        raise ValueError("one line of text")
    return stored


def _signature(stored: object) -> str:
    if not isinstance(stored, str) or len(stored) > LONGEST_SIGNATURE:
        raise ValueError("a text")
    if not all(map(is_text, stored.splitlines())):
        raise ValueError("lines of text")
    return stored


def _number(stored: object, most: int) -> int:
    if not is_whole(stored, 1, most):
        raise ValueError("a number")
    return stored


def _member(kind: type[_E], stored: object) -> _E:
    return kind(_text(stored))


_SENDER_KEYS = {
    "sender_id",
    "workspace_id",
    "mail",
    "account",
    "reply_to",
    "company",
    "operator",
    "signature",
    "keep_copy",
    "own_fields",
}
