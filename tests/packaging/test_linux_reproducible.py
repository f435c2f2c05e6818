"""Packages made twice of the same tree are the same, byte for byte.

The cheap form of packaging/linux/check_reproducible.py, which builds everything twice.
"""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.packaging.conftest import ROOT

from linux import deb, depends, tarball  # isort: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses Debian's tools")
@pytest.mark.parametrize("kind", [deb, tarball])
def test_two_packages_of_one_tree_are_the_same(tmp_path, monkeypatch, kind):
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is not installed")
    # Which packages a tree needs is asked of the system, slowly, and in the packages' own test.
    monkeypatch.setattr(depends, "_packages_of", lambda *_: ["libc6"])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for name, mode in (("first", 0o700), ("second", 0o775)):
        frozen = tmp_path / name / "frozen"
        (frozen / "_internal/folder").mkdir(parents=True, mode=mode)
        files = ["seam-portal-desktop", "_internal/b.txt", "_internal/folder/a.so"]
        for file in files if name == "first" else reversed(files):
            (frozen / file).write_text(file)
            (frozen / file).chmod(mode)
        out = tmp_path / name / "out"
        out.mkdir()
        made.append(kind.build(frozen, tmp_path / name / "work", out, level=1))
    first, second = made
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_the_version_has_one_place():
    from common import project

    assert project.version() == project.releases()[0].version
    assert f'version = "{project.version()}"' not in (ROOT / "pyproject.toml").read_text()
