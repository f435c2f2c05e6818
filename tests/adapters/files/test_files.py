"""A file is replaced whole or not at all."""

from __future__ import annotations

import asyncio
import errno
import os
from pathlib import Path

import pytest

from seam_portal_desktop.adapters.files import user_files as files
from seam_portal_desktop.adapters.files.presets import FilePresetStore
from seam_portal_desktop.domain.errors import UserFacingError
from seam_portal_desktop.paths import resource

pytestmark = pytest.mark.anyio


async def test_written_whole_and_for_the_owner_alone(tmp_path):
    target = tmp_path / "portals.csv"
    target.write_text("before")
    await files.write_file(target, b"after")
    assert target.read_bytes() == b"after"
    assert [path.name for path in tmp_path.iterdir()] == ["portals.csv"]
    if os.name == "posix":
        assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
async def test_a_failure_leaves_what_was_there(tmp_path, monkeypatch, code):
    target = tmp_path / "portals.csv"
    target.write_text("before")

    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(UserFacingError, match=r"portals\.csv could not be written"):
        await files.write_file(target, b"after")
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["portals.csv"]


async def test_a_folder_that_is_gone(tmp_path):
    with pytest.raises(UserFacingError):
        await files.write_file(tmp_path / "gone" / Path("portals.csv"), b"after")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes in folders")
async def test_a_named_pipe_is_no_file_and_stops_nobody(tmp_path):
    """Opening one waits for a writer, for ever, and the program could not end."""
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    async with asyncio.timeout(20):
        with pytest.raises(UserFacingError, match=r"pipe\.json could not be read"):
            await files.read_file(pipe, 100)
        presets = await FilePresetStore(tmp_path, resource("presets")).load()
    assert presets.unreadable == ("pipe.json",)
