"""The syntax of SMTP's commands (RFC 5321, 6531 for SMTPUTF8)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

_MAX_ADDRESS, _MAX_LOCAL, _MAX_DOMAIN = 254, 64, 253

_VERB = re.compile(r"([A-Za-z]{4,8})(?: (.*))?\Z", re.DOTALL)
_PATH = re.compile(
    r"(?P<word>FROM|TO):<(?P<address>(?:\"(?:[^\"\\]|\\.)*\"|[^<>\"\s])*)>"
    r"(?P<parameters>(?: .*)?)\Z",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^=\s]+))?\Z")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = re.compile(rf'(?:{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~\u0080-\U0010ffff]|\\[ -~])*")\Z')
_ALNUM = r"[A-Za-z0-9\u0080-\U0010ffff]"
_LABEL = rf"{_ALNUM}(?:(?:{_ALNUM}|-){{0,61}}{_ALNUM})?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\Z")
_GREETING_NAME = re.compile(r"\S{1,255}\Z")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


class SmtpReplyError(Exception):
    """A command that is refused, with the answer to it."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class PathArgument:
    """What follows MAIL or RCPT. The names of `parameters` are in capitals."""

    address: str
    parameters: Mapping[str, str]


def parse_command(line: bytes) -> tuple[str, str]:
    """The command in capitals, and what follows it. Raises SmtpReplyError."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise SmtpReplyError(500, "5.5.2 The command is not UTF-8.") from None
    if _CONTROLS.search(text):
        raise SmtpReplyError(500, "5.5.2 The command has control characters.")
    match = _VERB.match(text.rstrip(" "))
    if match is None:
        raise SmtpReplyError(500, "5.5.2 This is not a command.")
    return match[1].upper(), (match[2] or "").strip(" ")


def parse_path(argument: str, word: str, *, may_be_empty: bool) -> PathArgument:
    """Parse such as ``FROM:<a@example.com> SIZE=100``; `word` is FROM or TO.

    Whether letters outside of ASCII are allowed is not checked. Raises SmtpReplyError.
    """
    match = _PATH.match(argument)
    if match is None or match["word"].upper() != word:
        raise SmtpReplyError(501, f"5.5.4 Use {word}:<address>.")
    address = match["address"]
    if not (may_be_empty and not address) and not _is_address(address):
        raise SmtpReplyError(501 if word == "FROM" else 553, "5.1.3 This is not a mail address.")
    parameters: dict[str, str] = {}
    for each in match["parameters"].split():
        parameter = _PARAMETER.match(each)
        if parameter is None or parameter[1].upper() in parameters:
            raise SmtpReplyError(501, "5.5.4 A parameter is wrong.")
        parameters[parameter[1].upper()] = parameter[2] or ""
    return PathArgument(address, parameters)


def _is_address(address: str) -> bool:
    if address.lower() == "postmaster":
        return True
    local, at, domain = address.rpartition("@")
    return (
        bool(at)
        and len(address.encode()) <= _MAX_ADDRESS
        and len(local.encode()) <= _MAX_LOCAL
        and _LOCAL.match(local) is not None
        and len(domain.encode()) <= _MAX_DOMAIN
        and (_DOMAIN.match(domain) is not None or _is_literal(domain))
    )


def _is_literal(domain: str) -> bool:
    if not (domain.startswith("[") and domain.endswith("]")):
        return False
    inner = domain[1:-1]
    try:
        ipaddress.ip_address(inner[5:] if inner.upper().startswith("IPV6:") else inner)
    except ValueError:
        return False
    return True


def is_greeting_name(text: str) -> bool:
    """Whether EHLO may give this name. Like most servers this one allows any single word."""
    return _GREETING_NAME.match(text) is not None
