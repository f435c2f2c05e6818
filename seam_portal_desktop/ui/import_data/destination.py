"""The tables that imported rows go into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from seam_portal_desktop.domain.request.resources import ResourceKind, Row
from seam_portal_desktop.domain.request.verticals import Vertical
from seam_portal_desktop.domain.tables.conversion import ConversionContext


class ImportDestination(Protocol):
    """The customer data of one request, as a dialog shows it."""

    @property
    def vertical(self) -> Vertical: ...

    def kinds(self) -> Sequence[ResourceKind]:
        """The kinds that rows may be, the likeliest first."""
        ...

    def shown_kind(self) -> ResourceKind: ...

    def rows(self, kind: str) -> Sequence[Row]: ...

    def context(self) -> ConversionContext:
        """What the values of a file take from the user's settings and from the request."""
        ...

    def take(
        self, kind: str, text: str, rows: Sequence[Row], changed: Mapping[int, frozenset[str]]
    ) -> None:
        """Show that kind, and replace its rows as one undo step that is called `text`."""
        ...

    def show_message(self, text: str) -> None:
        """Say what was done."""
        ...
