"""The bytes of a file that the user chose, with a limit."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from seam_portal_desktop.adapters.files.disk import technical_text
from seam_portal_desktop.domain.tables.sheet import Progress, TableRefusedError
from seam_portal_desktop.texts import _

_MEGABYTE = 1024 * 1024
_PART = 16 * _MEGABYTE
LARGEST_FILE = 100 * _MEGABYTE


def read_content(path: Path, progress: Progress) -> bytes:
    """The whole file. Blocking. Raises TableRefusedError, in words."""
    try:
        content = _read(path, progress)
    except OSError as error:
        raise _unreadable(path, error) from None
    if not content:
        raise TableRefusedError(
            _("{name} is empty.").format(name=path.name),
            _("Check that it is the right file, and that it was saved."),
        )
    return content


def _read(path: Path, progress: Progress) -> bytes:
    # Without O_NONBLOCK, opening a named pipe would never return.
    descriptor = os.open(path, os.O_RDONLY | _flag("O_BINARY") | _flag("O_NONBLOCK"))
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EISDIR, "This is no file.")
        if before.st_size > LARGEST_FILE:
            raise TableRefusedError(
                _("{name} is too large.").format(name=path.name),
                _("A table of at most {most} MB can be read. Divide it into parts.").format(
                    most=LARGEST_FILE // _MEGABYTE
                ),
            )
        # Most files are read at once: other threads run meanwhile, but not while parts are joined.
        parts: list[bytes] = []
        size = 0
        while size <= before.st_size and (part := file.read(min(before.st_size + 1, _PART))):
            parts.append(part)
            size += len(part)
            progress(size, before.st_size)
        after = os.fstat(descriptor)
    if size != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
        raise TableRefusedError(
            _("{name} was changed while it was read.").format(name=path.name),
            _("Wait until the other program has saved it, then try again."),
            can_retry=True,
        )
    return b"".join(parts)


def _flag(name: str) -> int:
    """A flag that not every system has."""
    flag: int = getattr(os, name, 0)
    return flag


def _unreadable(path: Path, error: OSError) -> TableRefusedError:
    if error.errno == errno.ENOENT:
        why = _("It is no longer there. Choose it again.")
    elif error.errno in {errno.EACCES, errno.EPERM} and not path.is_dir():
        why = _(
            "You may not open it, or another program has it open. Close it there, then try again."
        )
    elif error.errno == errno.EISDIR or path.is_dir():
        why = _("It is a folder or a device, not a file.")
    else:
        why = _("Check that the file is still there and that you may open it.")
    return TableRefusedError(
        _("{name} could not be read.").format(name=path.name),
        why,
        technical=technical_text(error),
        can_retry=True,
    )
