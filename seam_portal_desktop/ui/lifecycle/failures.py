"""Says why a run over several portals failed for some of them."""

from __future__ import annotations

from collections.abc import Sequence

from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.services.runs import PortalFailure
from seam_portal_desktop.texts import _
from seam_portal_desktop.ui.toolkit.form_parts import number, short_key

_REASONS_SHOWN = 3
_NAMES_SHOWN = 4


def explain_failures(
    title: str, failures: Sequence[PortalFailure], not_tried: int
) -> UserFacingError:
    """Each reason once, after its customers; `failures` must not be empty."""
    by_reason: dict[str, list[str]] = {}
    for failure in failures:
        key = short_key(failure.portal.customer_key)
        by_reason.setdefault(str(failure.error), []).append(key)
    parts = [f"{names(keys)}: {reason}" for reason, keys in by_reason.items()]
    message = " ".join(parts[:_REASONS_SHOWN])
    if len(parts) == _REASONS_SHOWN + 1:
        message += _(" And 1 other reason: see the details.")
    elif len(parts) > _REASONS_SHOWN:
        message += _(" And {count} other reasons: see the details.").format(
            count=number(len(parts) - _REASONS_SHOWN)
        )
    if not_tried == 1:
        message += _(" 1 was not tried any more.")
    elif not_tried:
        message += _(" {not_tried} were not tried any more.").format(not_tried=number(not_tried))
    return UserFacingError(
        title,
        message,
        seam_request_id=failures[0].error.seam_request_id,
        technical="\n".join(
            f"{each.portal.customer_key}: {each.error} {each.error.seam_request_id or ''}".rstrip()
            for each in failures
        ),
    )


def names(keys: Sequence[str]) -> str:
    """The first of these names, and how many more there are."""
    if len(keys) <= _NAMES_SHOWN:
        return ", ".join(keys)
    return _("{keys} and {count} more").format(
        keys=", ".join(keys[:_NAMES_SHOWN]), count=number(len(keys) - _NAMES_SHOWN)
    )
