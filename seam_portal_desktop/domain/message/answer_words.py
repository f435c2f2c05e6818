"""What a mail server's answer about one recipient means, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from seam_portal_desktop.texts import _


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Words for answers with one of the enhanced codes (RFC 3463), or one of the words."""

    codes: str
    words: str
    text: str


_MEANINGS = (
    _Meaning(
        r"[45]\.2\.2",
        r"mailbox (is )?full|over ?quota|quota exceeded|insufficient storage",
        _("The mailbox is full."),
    ),
    _Meaning(
        r"5\.2\.1",
        r"mailbox (is )?(disabled|inactive|locked)|account (is )?(disabled|inactive|suspended)",
        _("The mailbox is switched off."),
    ),
    _Meaning(
        r"5\.1\.(0|1|6|10)",
        r"user unknown|unknown (user|recipient)|no such (user|recipient|mailbox|address)|"
        r"recipient (address )?(rejected: )?(user )?(unknown|not found)|does not exist|"
        r"doesn't exist|mailbox (unavailable|not found)|invalid recipient",
        _("There is no such mailbox. Check the address."),
    ),
    _Meaning(
        r"[45]\.1\.2|5\.4\.4",
        r"domain (name )?(not found|does not exist|unknown)|host (or domain name )?not found|"
        r"no mx|unrouteable",
        _("The address’s domain doesn’t exist, or takes no mail. Check the address."),
    ),
    _Meaning(
        r"5\.1\.3",
        r"bad (recipient )?address syntax|malformed address",
        _("The mail server can’t read the address. Check it."),
    ),
    _Meaning(
        "",
        r"gr[ea]y ?-?list",
        _("The recipient’s mail server lets senders that are new to it wait a while."),
    ),
    _Meaning(
        "",
        r"relay(ing)? (access )?(denied|not permitted|prohibited)|unable to relay|relay access",
        _("This account may not send to other organisations by this mail server."),
    ),
    _Meaning(
        r"4\.4\.\d+",
        r"timed? out|connection refused|can't connect|could not connect",
        _("The recipient’s mail server can’t be reached now."),
    ),
    _Meaning(
        r"[45]\.4\.5|[45]\.5\.3",
        r"too many recipients|(daily|hourly|sending) (limit|quota)",
        _("The account has sent as much as it may for now."),
    ),
)

# Its code is used for so much that words of other meanings count before it.
_RULES_CODE = re.compile(r"5\.7\.\d+")
_BY_RULES = _Meaning(
    "",
    r"spam|blocked|block ?list|black ?list|polic(y|ies)|reputation|access denied|rejected by",
    _("The recipient’s mail server doesn’t take messages from this sender, by its rules."),
)

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_CODE = re.compile(r"\s*([45])\d\d\b")


def explain_answer(answer: str) -> str:
    """A sentence for an answer such as ``550 5.1.1 user unknown``; empty for other texts.

    `answer` is a RecipientResult's.
    """
    found = _ENHANCED.search(answer)
    code = found[1] if found else ""
    kind = _CODE.match(answer)
    if kind is None:
        return ""
    for meaning in _MEANINGS:
        if code and re.fullmatch(meaning.codes, code):
            return meaning.text
    for meaning in (*_MEANINGS, _BY_RULES):
        if re.search(meaning.words, answer, re.IGNORECASE):
            return meaning.text
    if _RULES_CODE.fullmatch(code):
        return _BY_RULES.text
    if kind[1] == "4":
        return _("The mail server asks to try again later.")
    return _("The mail server refused this address.")
