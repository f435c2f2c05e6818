"""Files that the user chose, read with a limit or replaced whole. Errors are for the user."""

from __future__ import annotations

import asyncio
from pathlib import Path

from seam_portal_desktop.adapters.files.disk import (
    DiskFault,
    disk_fault,
    read_start,
    replace_file,
    technical_text,
)
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.texts import _


async def write_file(path: Path, content: bytes) -> None:
    """Replace `path` by a file that only its owner can read: it may hold customers' data and links.

    Raises UserFacingError; what was at `path` before is untouched then.
    """
    try:
        await asyncio.to_thread(replace_file, path, content)
    except OSError as error:
        raise not_written(path, error) from None


async def read_file(path: Path, most: int) -> bytes:
    """The whole of a file that has at most so many bytes. Raises UserFacingError."""
    try:
        content = await asyncio.to_thread(read_start, path, most + 1)
    except OSError as error:
        raise UserFacingError(
            _("{path} could not be read.").format(path=path.name),
            _("Check that the file is still there and that you may open it."),
            technical=technical_text(error),
            can_retry=True,
        ) from None
    if len(content) > most:
        raise UserFacingError(
            _("{path} is too large.").format(path=path.name),
            _("A file of at most {most:,} KB can be read.").format(most=most // 1024),
        )
    return content


def not_written(path: Path, error: OSError) -> UserFacingError:
    """That a file of the user's could not be written, and why."""
    fault = disk_fault(error)
    if fault is DiskFault.FULL:
        why = _("The disk is full. Free some space, then try again.")
    elif fault is DiskFault.QUOTA:
        why = _(
            "Your share of the disk is used up. Delete files of yours, or choose another place."
        )
    elif fault is DiskFault.READ_ONLY:
        why = _("That disk is read-only. Choose another place.")
    elif fault is DiskFault.NOT_ALLOWED:
        why = _(
            "You may not write there, or another program has the file open. Choose another place."
        )
    else:
        why = _("Check that the folder is still there, or choose another place.")
    return UserFacingError(
        _("{path} could not be written.").format(path=path.name),
        why,
        technical=technical_text(error),
        can_retry=True,
    )
