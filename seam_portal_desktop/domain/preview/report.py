"""The report on a previewed page, and the files attached of it. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from seam_portal_desktop.domain.preview.kinds import (
    EMPTY_CUSTOMER,
    EMPTY_HEADLINE,
    AttachmentKind,
    CheckKind,
    CheckLevel,
    PreviewMode,
)
from seam_portal_desktop.texts import _, ngettext


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's result. The sentence never holds a token or an address with one."""

    check: CheckKind
    level: CheckLevel
    sentence: str


@dataclass(frozen=True, slots=True)
class PreviewReport:
    """When (aware, UTC) and by which link a page was checked, with a finding for each check."""

    at: datetime
    mode: PreviewMode
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> CheckLevel:
        """The worst level. UNKNOWN counts as OK."""
        worst = max((finding.level for finding in self.findings), key=lambda level: level.rank)
        return CheckLevel.OK if worst is CheckLevel.UNKNOWN else worst

    @property
    def concerns(self) -> tuple[Finding, ...]:
        """The findings to read before sending: problems, then warnings."""
        return tuple(
            finding
            for level in (CheckLevel.PROBLEM, CheckLevel.WARNING)
            for finding in self.findings
            if finding.level is level
        )

    @property
    def headline(self) -> str:
        """The report in one line: 'all good', '1 problem: …', '2 warnings: …', 'empty: …'."""
        worst = [finding for finding in self.concerns if finding.level is self.verdict]
        if not worst:
            return _("all good")
        if [finding.sentence for finding in worst] == [EMPTY_CUSTOMER]:
            return EMPTY_HEADLINE
        number = len(worst)
        many = (
            ngettext("{count} problem", "{count} problems", number)
            if self.verdict is CheckLevel.PROBLEM
            else ngettext("{count} warning", "{count} warnings", number)
        ).format(count=number)
        return f"{many}: {worst[0].sentence.removesuffix('.')}"


@dataclass(frozen=True, slots=True)
class StoredReport:
    """The newest report of a portal, and a picture of the page: a small PNG, or no bytes."""

    report: PreviewReport
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or document of the page that was attached to a portal, without its bytes.

    ``at`` is aware, in UTC; ``size`` is in bytes; ``title`` describes it ("Phone, dark").
    """

    attachment_id: str
    portal_id: str
    kind: AttachmentKind
    at: datetime
    mode: PreviewMode
    title: str
    size: int
