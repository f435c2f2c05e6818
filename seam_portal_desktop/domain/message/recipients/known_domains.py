"""Mistyped domains: which well-known one may be meant."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from seam_portal_desktop.domain.portal.look_alikes import edit_distance

_MISTYPED_DOMAINS = (
    *("gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.fr", "yahoo.de"),
    *("yahoo.es", "yahoo.it", "yahoo.com.br", "hotmail.com", "hotmail.co.uk", "hotmail.fr"),
    *("hotmail.de", "hotmail.es", "hotmail.it", "hotmail.nl", "outlook.com", "outlook.de"),
    *("outlook.fr", "outlook.es", "outlook.it", "outlook.pt", "icloud.com", "protonmail.com"),
    *("rocketmail.com", "fastmail.com", "comcast.net", "verizon.net", "t-online.de"),
    *("freenet.de", "btinternet.com", "wanadoo.fr", "laposte.net", "yandex.ru", "yandex.com"),
)
"""Mail services of millions of people, with names that are no ordinary words."""

_SHORT_DOMAINS = (
    *("live.com", "live.co.uk", "live.fr", "live.nl", "msn.com", "me.com", "mac.com", "aol.com"),
    *("gmx.de", "gmx.net", "gmx.at", "gmx.ch", "gmx.com", "web.de", "mail.com", "email.com"),
    *("ymail.com", "proton.me", "pm.me", "orange.fr", "free.fr", "sfr.fr", "libero.it"),
    *("virgilio.it", "tiscali.it", "alice.it", "uol.com.br", "bol.com.br", "sapo.pt", "ziggo.nl"),
    *("wp.pl", "onet.pl", "o2.pl", "mail.ru", "bk.ru", "inbox.ru", "list.ru", "rambler.ru"),
    *("yandex.by", "yandex.kz", "zoho.com", "hey.com", "qq.com", "163.com", "att.net", "cox.net"),
    *("cloud.com", "hotmail.be", "hotmail.ch", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp"),
    *("yahoo.com.au", "yahoo.com.mx", "yahoo.com.ar", "outlook.at", "outlook.be", "outlook.jp"),
    *("live.de", "live.it", "live.be", "live.ca", "live.com.au", "hotmail.ca", "hotmail.com.br"),
)
"""Right domains that are near another one, or so short that nearly anything is near them."""

_RIGHT = frozenset((*_MISTYPED_DOMAINS, *_SHORT_DOMAINS))

_ENDINGS = {
    **dict.fromkeys(
        ("con", "cmo", "comm", "ocm", "vom", "xom", "cpm", "coom", "conm", "cim", "dom", "coml"),
        "com",
    ),
    **dict.fromkeys(("nte", "ent", "ner", "nett", "nwt", "bet"), "net"),
    **dict.fromkeys(("ogr", "rog", "orgg", "og", "orh"), "org"),
    **dict.fromkeys(("dee", "ed"), "de"),
}
"""Endings that no domain has."""

_LONG_ENDINGS = frozenset({"com", "net", "co.uk", "com.br"})

_LEAST_FOR_ONE = 5
_LEAST_FOR_TWO = 8
"""Letters of a name in which one or two may be wrong."""


def meant_domain(domain: str, known: Collection[str] = ()) -> str | None:
    """The domain that `domain` may be a mistyped form of; None if it looks right.

    Both are in A-labels. `known` are domains that were used before: they are right.
    """
    if domain in _RIGHT or domain in known:
        return None
    name, dot, ending = domain.rpartition(".")
    if not dot:
        return _without_dot(domain)
    used = frozenset(known)
    if ending in _ENDINGS:
        repaired = f"{name}.{_ENDINGS[ending]}"
        return _near(repaired, used) or repaired
    return _near(domain, used)


@lru_cache(maxsize=2000)
def _near(domain: str, known: frozenset[str]) -> str | None:
    """The nearest right domain; `domain` itself if it is one."""
    rights = (*sorted(known), *_MISTYPED_DOMAINS)
    if domain in rights:
        return domain
    label, _dot, ending = domain.partition(".")
    nearest: tuple[int, str] | None = None
    for right in rights:
        right_label, _dot, right_ending = right.partition(".")
        most = _most_wrong(right_label)
        if abs(len(label) - len(right_label)) > most or len({*label} ^ {*right_label}) > 2 * most:
            continue
        wrong = edit_distance(label, right_label, most) if most else most + (label != right_label)
        if ending != right_ending:
            # Two countries are two domains, and two ordinary names with two endings are as well.
            is_service = right not in known and right_ending in _LONG_ENDINGS
            wrong += edit_distance(ending, right_ending, 1) if is_service else most + 1
        if wrong <= most and (nearest is None or wrong < nearest[0]):
            nearest = (wrong, right)
    return None if nearest is None else nearest[1]


def _most_wrong(label: str) -> int:
    if len(label) < _LEAST_FOR_ONE:
        return 0
    return 1 if len(label) < _LEAST_FOR_TWO else 2


def _without_dot(domain: str) -> str | None:
    """``gmailcom`` and ``gmail`` are meant to be ``gmail.com``."""
    for right in (*_MISTYPED_DOMAINS, *_SHORT_DOMAINS):
        if domain in (right.replace(".", ""), right.partition(".")[0]):
            return right
    return None
