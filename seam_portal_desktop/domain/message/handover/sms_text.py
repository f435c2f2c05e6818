"""How many parts a text message has, by GSM 03.38. Each part is paid for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""These take two places of seven bits."""

_BEYOND_TWO_BYTES = 0xFFFF


class SmsEncoding(StrEnum):
    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class SmsLength:
    """`characters_left` are those that still fit into the last part."""

    parts: int
    encoding: SmsEncoding
    characters_left: int


def sms_length(text: str) -> SmsLength:
    """Count the parts. A text of several parts has a little less room in each, for their order."""
    plain = text.replace("\r\n", "\n")
    if all(each in _BASIC or each in _EXTENDED for each in plain):
        return _count(plain, SmsEncoding.GSM_7, _gsm_size, (160, 153))
    return _count(plain, SmsEncoding.UCS_2, _ucs2_size, (70, 67))


def foreign_characters(text: str) -> str:
    """The characters, each once, because of which the message needs more parts."""
    return "".join(
        dict.fromkeys(each for each in text if each not in _BASIC and each not in _EXTENDED)
    )


def _count(
    text: str, encoding: SmsEncoding, size: Callable[[str], int], room: tuple[int, int]
) -> SmsLength:
    single, joined = room
    used = sum(map(size, text))
    if used <= single:
        return SmsLength(1, encoding, single - used)
    parts, used = 1, 0
    for each in text:
        # A character is never divided between two parts.
        if used + size(each) > joined:
            parts, used = parts + 1, 0
        used += size(each)
    return SmsLength(parts, encoding, joined - used)


def _gsm_size(character: str) -> int:
    return 2 if character in _EXTENDED else 1


def _ucs2_size(character: str) -> int:
    return 2 if ord(character) > _BEYOND_TWO_BYTES else 1
