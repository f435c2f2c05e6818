"""A portal's request in words, for the detail panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seam_portal_desktop.ui.create.form.draft import RequestDraft
from seam_portal_desktop.ui.create.form.settings import (
    FEATURES,
    IS_EMBEDDED,
    LOCALE,
    LOCALES,
    READ_ONLY,
)

if TYPE_CHECKING:
    from seam_portal_desktop.domain.request import PortalRequest


def summarise_request(request: PortalRequest) -> list[tuple[str, str]]:
    """Label and value of what the dialog offers; what was left to the profile is named as such."""
    draft = RequestDraft(request)
    left_out = [feature.title for feature in FEATURES if draft.get(feature.path)]
    locale = draft.get(LOCALE)
    rows = [
        ("Features", f"without {', '.join(left_out)}" if left_out else "as the profile says"),
        ("Language", dict(LOCALES).get(locale, "the customer’s browser decides")),
        ("Shown", "embedded in another page" if draft.get(IS_EMBEDDED) else "as its own page"),
    ]
    if draft.get(READ_ONLY):
        rows.append(("Access", "read-only"))
    return rows
