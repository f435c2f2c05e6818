"""Returned mails."""

from seam_portal_desktop.domain.message.bounce.reading import LARGEST_BOUNCE, read_bounce
from seam_portal_desktop.domain.message.bounce.result import (
    Bounce,
    BouncedAddress,
    NotABounceError,
)

__all__ = ["LARGEST_BOUNCE", "Bounce", "BouncedAddress", "NotABounceError", "read_bounce"]
