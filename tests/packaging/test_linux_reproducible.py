"""Two builds of the same sources are the same, byte for byte."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT, build

from linux import deb, depends, tarball  # isort: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="uses Debian's tools")
@pytest.mark.parametrize("kind", [deb, tarball])
def test_two_packages_of_one_tree_are_the_same(tmp_path, monkeypatch, kind):
    if shutil.which("dpkg-deb") is None:
        pytest.skip("dpkg-deb is not installed")
    # Finding a tree's packages is slow, and another test does it.
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


def test_two_builds_in_different_folders_are_the_same(built, tmp_path, monkeypatch):
    """The second is in a folder with a longer name, with the same build environment.

    packaging/linux/check_reproducible.py makes a new environment, and compresses like a release.
    """
    git = ["git", "-C", str(ROOT)]
    listed = subprocess.run(
        [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    moment = subprocess.run(
        [*git, "log", "-1", "--format=%ct"], stdout=subprocess.PIPE, text=True, check=True
    )
    monkeypatch.setenv("SOURCE_DATE_EPOCH", moment.stdout.strip())
    checkout = tmp_path / "with-a-much-longer-name-than-the-first-has"
    for name in listed.stdout.split("\0"):
        if (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, checkout / name)
    (checkout / "build").mkdir()
    (checkout / "build/packaging-env").symlink_to(ROOT / "build/packaging-env")
    try:
        again = build(checkout, "dist")
        # The frozen files first, because they show what differs.
        frozen = hashes(checkout / "build/frozen"), hashes(ROOT / "build/frozen")
        assert frozen[0] == frozen[1]
        assert hashes(again) == hashes(built)
    finally:
        shutil.rmtree(checkout)


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def test_the_version_is_written_once():
    from common import project

    assert project.version() == project.releases()[0].version
    assert f'version = "{project.version()}"' not in (ROOT / "pyproject.toml").read_text()
