"""Checks one address. No mail server and no DNS is asked."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import repeat

from seam_portal_desktop.domain.address import ascii_host
from seam_portal_desktop.domain.message.recipients.known_domains import meant_domain
from seam_portal_desktop.domain.message.recipients.problems import RecipientProblemKind
from seam_portal_desktop.domain.message.recipients.rules import (
    ANY_RECIPIENT,
    RecipientRules,
    is_internal,
)
from seam_portal_desktop.domain.tables.checks.keys import LATIN_LOOK_ALIKES
from seam_portal_desktop.texts import _

MOST_LOCAL = 64
MOST_ADDRESS = 254
"""Bytes (RFC 5321, section 4.5.3.1). The domain counts in its ASCII form."""

_MOST_READ = 2 * MOST_ADDRESS
_SHOWN_CHARACTERS = 60
_STAND_IN = ".example.com"
"""The library refuses internal domains, so one is checked as a name below this domain."""

_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})


@dataclass(frozen=True, slots=True, repr=False)
class AddressFinding:
    """`suggestion` is the address that may be meant instead."""

    kind: RecipientProblemKind
    sentence: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CheckedAddress:
    """`address` is as the user reads it, empty if the text is none. `findings` say what is doubtful
    about it, or why it is none."""

    address: str
    findings: tuple[AddressFinding, ...] = ()


def check_address(
    text: str, rules: RecipientRules = ANY_RECIPIENT, known: Collection[str] = ()
) -> CheckedAddress:
    """The address in `text`, which has nothing around it.

    `known` are the domains in A-labels that were used before: these aren't questioned.
    """
    sentence = _form_problem(text)
    if sentence:
        return _refused(sentence)
    from email_validator import EmailNotValidError, validate_email

    local, _at, domain = text.rpartition("@")
    domain = domain.rstrip(".")
    ascii_name = _plain_ascii(domain)
    is_inside = is_internal(ascii_name)
    if is_inside and not rules.allows_internal(ascii_name):
        return _internal(text, local, domain, ascii_name)
    end = _STAND_IN if is_inside else ""
    try:
        found = validate_email(f"{local}@{domain}{end}", check_deliverability=False)
    except EmailNotValidError:
        return _refused(
            _("“{text}” is no e-mail address, such as ann@example.com.").format(
                text=shortened(text)
            )
        )
    ascii_domain = found.ascii_domain.removesuffix(end)
    shown_domain = found.domain.removesuffix(end)
    address = f"{found.local_part}@{shown_domain}"
    findings = []
    if not rules.allows(ascii_domain):
        findings.append(
            AddressFinding(RecipientProblemKind.NOT_ALLOWED, _not_allowed(shown_domain, rules))
        )
    findings += _doubts(found.local_part, shown_domain, ascii_domain, known)
    return CheckedAddress(address, tuple(findings))


def address_key(address: str) -> str:
    """The same for every way to write one address: A-labels, no capitals."""
    local, _at, domain = address.rpartition("@")
    return f"{unicodedata.normalize('NFC', local).casefold()}@{_plain_ascii(domain)}"


def domain_key(address: str) -> str:
    """The domain of an address, in A-labels."""
    return _plain_ascii(address.rpartition("@")[2])


def _plain_ascii(domain: str) -> str:
    """`domain` in A-labels; if that can't be, in small letters."""
    if domain.isascii():
        return domain.lower().rstrip(".")
    try:
        return ascii_host(domain).rstrip(".")
    except ValueError:
        return domain.casefold()


def _form_problem(text: str) -> str:
    """Why `text` can't be an address, where that can be said more exactly than the library does."""
    if len(text) > _MOST_READ:
        return _too_long(len(text))
    local, at, domain = text.rpartition("@")
    wrong = {
        _("“{text}” has no @."): not at,
        _("“{text}” has more than one @."): "@" in local,
        _("“{text}” has nothing before the @."): not local,
        _("“{text}” has nothing after the @."): not domain.strip("."),
        _("“{text}” names a computer by its number, which can’t be used."): domain.startswith("["),
        _("“{text}” has a space in it."): any(each.isspace() for each in text),
        _("“{text}” has a comma in it."): "," in text,
        _("“{text}” has a dot too many."): any(each in f"@{text}" for each in ("..", ".@", "@.")),
    }
    for sentence, is_wrong in wrong.items():
        if is_wrong:
            return sentence.format(text=shortened(text))
    return _length_problem(local, domain)


def _length_problem(local: str, domain: str) -> str:
    length = len(local.encode("utf-8", "replace"))
    if length > MOST_LOCAL:
        return _(
            "An address has up to {most} characters before the @. This one has {count}."
        ).format(most=MOST_LOCAL, count=length)
    whole = length + 1 + len(_plain_ascii(domain))
    return _too_long(whole) if whole > MOST_ADDRESS else ""


def _too_long(count: int) -> str:
    return _("An address has up to {most} characters. This one has {count}.").format(
        most=MOST_ADDRESS, count=count
    )


def _refused(sentence: str, suggestion: str | None = None) -> CheckedAddress:
    finding = AddressFinding(RecipientProblemKind.UNREADABLE, sentence, suggestion)
    return CheckedAddress("", (finding,))


def _internal(text: str, local: str, domain: str, ascii_name: str) -> CheckedAddress:
    meant = meant_domain(ascii_name)
    suggestion = None if meant is None else f"{local}@{meant}"
    if "." not in domain:
        return _refused(
            _("“{text}” has no ending such as .com after the @.").format(text=shortened(text)),
            suggestion,
        )
    return _refused(
        _(
            "Mail to “{text}” stays inside of a company’s network. Only your organisation’s "
            "policy can allow such domains."
        ).format(text=shortened(text)),
        suggestion,
    )


def _not_allowed(domain: str, rules: RecipientRules) -> str:
    sentence = _("Your organisation doesn’t allow {domain}. It allows {allowed} only. {note}")
    if not rules.allowed:
        sentence = _("Your organisation allows no recipients. {note}")
    allowed = ", ".join(rules.allowed or ())
    return sentence.format(domain=domain, allowed=allowed, note=rules.note).strip()


def _doubts(
    local: str, domain: str, ascii_domain: str, known: Collection[str]
) -> list[AddressFinding]:
    findings = []
    if ascii_domain not in known:
        if domain.isascii():
            meant = meant_domain(ascii_domain, known)
            if meant is not None:
                findings.append(
                    AddressFinding(
                        RecipientProblemKind.TYPO,
                        _("Is {meant} meant instead of {domain}?").format(
                            meant=meant, domain=domain
                        ),
                        f"{local}@{meant}",
                    )
                )
        else:
            findings += _look_alikes(local, domain)
    if not local.isascii():
        findings.append(
            AddressFinding(
                RecipientProblemKind.NOT_ASCII,
                _("“{local}” has letters that not every mail server can take before the @.").format(
                    local=shortened(local)
                ),
            )
        )
    return findings


def _look_alikes(local: str, domain: str) -> list[AddressFinding]:
    if not any(map(_is_look_alike, domain.split("."), repeat(domain))):
        return []
    latin = domain.translate(LATIN_LOOK_ALIKES)
    return [
        AddressFinding(
            RecipientProblemKind.LOOK_ALIKE,
            _(
                "{domain} has letters of another script that look like Latin ones. Its real name "
                "is {ascii_name}."
            ).format(domain=domain, ascii_name=_plain_ascii(domain)),
            f"{local}@{latin}" if latin.isascii() else None,
        )
    ]


def _is_look_alike(label: str, domain: str) -> bool:
    """Whether it mixes scripts, or is a Latin word to the eye beside a Latin ending."""
    scripts = {unicodedata.name(each, "").partition(" ")[0] for each in label if each.isalpha()}
    if len(scripts - _EAST_ASIAN) > 1:
        return True
    is_latin_to_the_eye = not label.isascii() and label.translate(LATIN_LOOK_ALIKES).isascii()
    return is_latin_to_the_eye and domain.rpartition(".")[2].isascii()


def shortened(text: str) -> str:
    """`text` for a sentence."""
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
