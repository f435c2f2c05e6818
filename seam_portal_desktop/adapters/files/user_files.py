"""Files that the user chose: read with a limit, written whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import uuid
from pathlib import Path

from seam_portal_desktop.domain.errors import UserFacingError


async def write_file(path: Path, content: bytes) -> None:
    """Replace `path`, which may hold customers' data and links: only the owner can read it.

    Raises UserFacingError; whatever was there before is untouched then.
    """
    try:
        await asyncio.to_thread(_write, path, content)
    except OSError as error:
        raise _refused(path, error) from None


async def read_file(path: Path, most: int) -> bytes:
    """The whole of a file that has at most so many bytes. Raises UserFacingError."""
    try:
        content = await asyncio.to_thread(_read, path, most + 1)
    except OSError as error:
        technical = f"{type(error).__name__} ({errno.errorcode.get(error.errno or 0, 'unknown')})"
        raise UserFacingError(
            f"{path.name} could not be read.",
            "Check that the file is still there and that you may open it.",
            technical=technical,
            can_retry=True,
        ) from None
    if len(content) > most:
        raise UserFacingError(
            f"{path.name} is too large.", f"A file of at most {most // 1024:,} KB can be read."
        )
    return content


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


def _write(path: Path, content: bytes) -> None:
    # In the same folder, or the rename would not be atomic.
    temporary = path.with_name(f".{uuid.uuid4().hex}.part")
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _refused(path: Path, error: OSError) -> UserFacingError:
    technical = f"{type(error).__name__} ({errno.errorcode.get(error.errno or 0, 'unknown')})"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        why = "The disk is full. Free some space, then try again."
    elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        why = "You may not write there, or another program has the file open. Choose another place."
    else:
        why = "Check that the folder is still there, or choose another place."
    return UserFacingError(
        f"{path.name} could not be written.", why, technical=technical, can_retry=True
    )
