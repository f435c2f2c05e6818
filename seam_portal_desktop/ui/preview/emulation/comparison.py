"""What is shown beside a portal. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ComparisonKind(StrEnum):
    """OFF closes the second preview; DEVICES is the same link on a phone and on a desktop."""

    OFF = "off"
    DEVICES = "devices"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A wish of the user's. `locale` is one of Seam's, with LANGUAGE only."""

    kind: ComparisonKind
    portal_id: str
    locale: str | None = None
