from __future__ import annotations

import pytest

from seam_portal_desktop.adapters.updates.installation import (
    MARKER,
    installation_of,
    this_file_kind,
    this_installation,
)
from seam_portal_desktop.domain.release import Installation


@pytest.mark.parametrize(
    ("marker", "is_appimage", "expected"),
    [
        ("tarball\n", False, Installation.TARBALL),
        ("tarball", True, Installation.APPIMAGE),
        ("package", False, Installation.PACKAGE),
        ("something else", False, Installation.PACKAGE),
        ("ü", False, Installation.PACKAGE),
        (None, False, Installation.PACKAGE),
        (None, True, Installation.PACKAGE),
    ],
)
def test_a_frozen_tree_on_linux(tmp_path, marker, is_appimage, expected):
    if marker is not None:
        (tmp_path / MARKER).write_text(marker, "utf-8")
    assert installation_of(tmp_path, is_appimage=is_appimage) is expected


def test_a_checkout_takes_no_downloads():
    assert this_installation() is Installation.SOURCE
    assert not this_installation().takes_downloads
    assert not Installation.PACKAGE.takes_downloads
    assert this_file_kind(Installation.TARBALL).endswith("-tarball")
