"""The base class of every object of a request, and its checked text types."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, dataclass_transform

from msgspec import UNSET, Meta, Struct, UnsetType

from seam_portal_desktop.texts import _


# Subclasses inherit msgspec's options, except for kw_only, which each one repeats.
@dataclass_transform(frozen_default=True)
class Part(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,
):
    """An object of the request. A field that is ``UNSET`` is not sent.

    The garbage collector doesn't look at it. A request is a tree, as its JSON is, and can have
    100,000 such objects.
    """


class FieldFormatError(ValueError):
    """A field breaks a rule that a type can't express."""

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
"""An identifier that the caller chooses: any text but the empty one."""

Timestamp = Annotated[str, Meta(pattern=_RFC3339)]
"""A date and time in RFC 3339. The text is sent exactly as it was typed."""

TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?\Z")]
"""``15:00`` or ``15:00:00``."""

FieldName = Annotated[str, Meta(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*\Z")]

Uuid = Annotated[str, Meta(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")]

Texts = tuple[str, ...] | UnsetType

Metadata = dict[str, Annotated[str, Meta(max_length=500)] | bool | None]
"""Values by field name. None asks Seam to remove the field."""


def check_day_exists(field: str, timestamp: str | UnsetType) -> None:
    """Raise FieldFormatError for a day such as 30 February, which the pattern allows."""
    if timestamp is UNSET or not re.match(_RFC3339, timestamp):
        return
    try:
        date.fromisoformat(timestamp[:10])
    except ValueError:
        raise FieldFormatError(field, _("There is no such day")) from None


def join_path(path: str, name: object) -> str:
    """`name` below the dotted `path`; either may be empty."""
    return ".".join(part for part in (path, str(name)) if part)


def shorten(value: object, characters: int) -> str:
    """`value` as text on one line of at most so many characters, and … if there were more."""
    text = " ".join(str(value).split())
    return text if len(text) <= characters else f"{text[:characters]}…"
