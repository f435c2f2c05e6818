"""What every part of a request shares: how it is encoded, and the checked texts."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, dataclass_transform

from msgspec import UNSET, Meta, Struct, UnsetType


# Subclasses inherit msgspec's options, except for kw_only; type checkers have to be told.
@dataclass_transform(frozen_default=True)
class Part(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An object of the request. A field left ``UNSET`` is not sent at all."""


class FieldFormatError(ValueError):
    """A rule that a type can't express is broken by one field of an object."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


# The contract's patterns are JavaScript's: there \w and \d are ASCII and $ is the very end.
_RFC3339 = (
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])\Z"
)

Key = Annotated[str, Meta(min_length=1)]
"""An identifier of the caller's own choosing; any text but the empty one."""

Timestamp = Annotated[str, Meta(pattern=_RFC3339)]
"""A date and time in RFC 3339, kept as typed so that exactly that is sent."""

TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\Z")]
"""``15:00`` or ``15:00:00``."""

FieldName = Annotated[str, Meta(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*\Z")]

Uuid = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")]

Texts = tuple[str, ...] | UnsetType

Metadata = dict[str, Annotated[str, Meta(max_length=500)] | bool | None]
"""Free fields by name; None asks the service to remove one."""


def check_day_exists(field: str, timestamp: str | UnsetType) -> None:
    """Refuse 30 February, which the pattern lets through; leave other mistakes to the pattern."""
    if timestamp is UNSET or not re.match(_RFC3339, timestamp):
        return
    try:
        date.fromisoformat(timestamp[:10])
    except ValueError:
        raise FieldFormatError(field, "There is no such day") from None
