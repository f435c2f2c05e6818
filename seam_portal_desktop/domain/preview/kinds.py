"""The mode of a preview, its checks and their levels, and the kinds of attachments.

The list needs only these of a preview, so they import little.
"""

from __future__ import annotations

from enum import StrEnum

from seam_portal_desktop.texts import _


class PreviewMode(StrEnum):
    """Which link the preview opens: a read-only copy of the request, or the customer's own."""

    SAFE = "safe"
    LIVE = "live"


class CheckLevel(StrEnum):
    """How good a finding is, from best to worst."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    PROBLEM = "problem"

    @property
    def rank(self) -> int:
        """0 for the best level, greater for a worse one."""
        return list(CheckLevel).index(self)


EMPTY_CUSTOMER = _("Empty: no spaces, no devices for this customer.")
"""The sentence about a page without any data. The list recognises it in a stored report."""

EMPTY_HEADLINE = _("empty: no spaces, no devices for this customer")
"""It replaces '1 warning: …' for a report with this sentence only."""

CheckResult = tuple[CheckLevel, str]
"""What a rule returns: the level and the sentence of a finding."""


class CheckKind(StrEnum):
    """The checks that each preview runs, in the order of the report."""

    STATUS = "status"
    TLS = "tls"
    HOST = "host"
    TIMING = "timing"
    CONSOLE = "console"
    REQUESTS = "requests"
    CONTENT = "content"
    LANGUAGE = "language"
    FEATURES = "features"
    EXPIRY = "expiry"
    MIXED_CONTENT = "mixed_content"


class AttachmentKind(StrEnum):
    PNG = "png"
    PDF = "pdf"
