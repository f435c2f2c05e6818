"""Errors of updates as errors for the user.

Only the class name of a library's error is kept: its text holds addresses and paths.
"""

from __future__ import annotations

from tuf.api import exceptions
from tuf.api.serialization import DeserializationError

from seam_portal_desktop.domain.release import UpdateError
from seam_portal_desktop.texts import _

_LATER = _("Nothing was changed. Try again later.")
_UNTRUSTED = (
    _("The update information can’t be trusted"),
    (
        _(
            "Its signature isn’t right, or it is older than what was seen before. Nothing was "
            "installed or changed. If it happens again, tell whoever publishes this program."
        )
    ),
)
_MESSAGES: tuple[tuple[type[Exception], tuple[str, str]], ...] = (
    (
        exceptions.ExpiredMetadataError,
        (
            _("The update information is out of date"),
            (
                _(
                    "Whoever publishes it hasn’t renewed it, or something in between holds it "
                    "back. Check this computer’s date. {later}"
                ).format(later=_LATER)
            ),
        ),
    ),
    (
        exceptions.LengthOrHashMismatchError,
        (
            _("The download isn’t what was published"),
            _("It was changed or damaged on its way, and was thrown away. Try again later."),
        ),
    ),
    (
        exceptions.DownloadLengthMismatchError,
        (
            _("The download isn’t what was published"),
            _("It is longer than it may be, and was thrown away. Try again later."),
        ),
    ),
    (
        exceptions.SlowRetrievalError,
        (
            _("The update server is too slow"),
            _("The answer took too long. {later}").format(later=_LATER),
        ),
    ),
    (
        exceptions.DownloadHTTPError,
        (
            _("The update server refused"),
            _("It doesn’t have what was asked for. {later}").format(later=_LATER),
        ),
    ),
    (
        exceptions.DownloadError,
        (
            _("The update server can’t be reached"),
            _("Check the network connection and the proxy settings, then try again."),
        ),
    ),
    (
        DeserializationError,
        (
            _("The answer is no update information"),
            (
                _(
                    "Something else answered, such as the sign-in page of a network or a proxy. "
                    "Open a web page to see, then try again."
                )
            ),
        ),
    ),
    (exceptions.RepositoryError, _UNTRUSTED),
    (
        OSError,
        (
            _("The update could not be written"),
            _("Check that there is space on the disk and that you may write to the folder."),
        ),
    ),
)


def update_error(error: BaseException) -> UpdateError:
    """`error` for the user."""
    if isinstance(error, UpdateError):
        return error
    kind = error
    if isinstance(error.__cause__, DeserializationError):
        kind = error.__cause__
    title, message = next(
        (texts for known, texts in _MESSAGES if isinstance(kind, known)), _UNTRUSTED
    )
    return UpdateError(title, message, technical=type(error).__name__, can_retry=True)
