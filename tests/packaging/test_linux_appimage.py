"""The AppImage: its runtime and its files."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

from tests.packaging.conftest import ROOT

from linux import appimage  # isort: skip

NAME = "seam-portal-desktop"
RUNTIME = b"instead of the published runtime"


def test_a_runtime_with_another_hash_is_refused(tmp_path, capsys):
    runtime = tmp_path / "runtime"
    runtime.write_bytes(RUNTIME)
    out = tmp_path / "out"
    out.mkdir()
    assert appimage.main(["--runtime", str(runtime), "--out", str(out)]) == 1
    error = capsys.readouterr().err
    assert error.startswith(
        "appimage.py: The AppImage runtime is not the expected one: its SHA-256"
    )
    assert list(out.iterdir()) == []


def test_without_a_frozen_program_it_names_the_script_to_run(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(appimage, "checked", lambda runtime: runtime)
    runtime = tmp_path / "runtime"
    runtime.write_bytes(RUNTIME)
    folders = ["--work", str(tmp_path / "work"), "--out", str(tmp_path)]
    assert appimage.main(["--runtime", str(runtime), *folders]) == 1
    assert "run packaging/build.py first" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="AppImages are made on Linux")
def test_it_has_the_runtime_and_the_tree_that_a_desktop_expects(tmp_path, monkeypatch):
    if shutil.which("mksquashfs") is None:
        pytest.skip("mksquashfs is not installed")
    monkeypatch.setattr(appimage, "_add_libraries", lambda _usr: None)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for work in (tmp_path / "first", tmp_path / "second"):
        frozen = work / "frozen"
        frozen.mkdir(parents=True)
        (frozen / NAME).write_text("the program")
        (frozen / NAME).chmod(0o755)
        made.append(appimage.build(frozen, work, work, runtime=RUNTIME, level=1).read_bytes())
    assert made[0] == made[1]
    assert made[0].startswith(RUNTIME)
    (tmp_path / "image").write_bytes(made[0])
    tree = tmp_path / "tree"
    offset = ["-offset", str(len(RUNTIME))]
    unpack = ["unsquashfs", "-quiet", "-no-progress", *offset, "-dest", tree, tmp_path / "image"]
    subprocess.run(unpack, check=True, stdout=subprocess.DEVNULL)
    assert (tree / "AppRun").read_text() == "the program"
    assert (tree / f"usr/lib/{NAME}/installed-by").read_text() == "tarball\n"
    assert "\nExec=" in (tree / f"{NAME}.desktop").read_text()
    icons = ROOT / "resources"
    assert (tree / f"{NAME}.svg").read_bytes() == (icons / "app-icon.svg").read_bytes()
    assert (tree / ".DirIcon").read_bytes() == (icons / "app-icon/256.png").read_bytes()
