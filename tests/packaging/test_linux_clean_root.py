"""The packages in a clean minimal Debian: installed, used, upgraded and removed.

The tests share one root and need their order, so the first failure is the one to look at.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT
from tests.support.clean_root import USER, CleanRoot, what_is_missing
from tests.support.desktop_session import (
    HOME,
    NAME,
    PACKAGES,
    WAYLAND_PACKAGES,
    assert_self_test_is_green,
    copy_into_root,
    start_from_the_menu,
)

from linux import appimage  # isort: skip

DATA = f".local/share/{NAME}"
OLDER = "0.0.1"
APPARMOR = f"etc/apparmor.d/{NAME}"
KNOWS_USER_NAMESPACES = "etc/apparmor.d/abi/4.0"
APPIMAGE_LIBRARIES = ["libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-render-util0"]


@pytest.fixture(scope="module")
def root(built, tmp_path_factory):
    if (reason := what_is_missing()) is not None:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("clean") / "root"
    yield CleanRoot(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def package(built) -> Path:
    (package,) = built.glob("*.deb")
    return package


@pytest.fixture(scope="module")
def older(package, tmp_path_factory) -> Path:
    """The same package with an older version and a file that the new one doesn't have."""
    folder = tmp_path_factory.mktemp("older")
    tree = folder / "tree"
    run(["dpkg-deb", "--raw-extract", str(package), str(tree)])
    control = tree / "DEBIAN/control"
    lines = control.read_text().splitlines()
    lines = [f"Version: {OLDER}" if line.startswith("Version:") else line for line in lines]
    control.write_text("\n".join(lines) + "\n")
    (tree / "usr/lib" / NAME / "of-an-older-version").write_text("gone after the upgrade\n")
    older = folder / f"{NAME}_{OLDER}.deb"
    run(["dpkg-deb", "--root-owner-group", "-Znone", "--build", str(tree), str(older)])
    shutil.rmtree(tree)
    return older


def run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def rows(ledger: Path) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        return sorted(connection.execute("SELECT portal_id, customer_key FROM portals"))


def test_the_root_has_no_python_and_no_compiler(root):
    printed = root.run(["sh", "-c", "ls /usr/bin | grep -E '^(python|gcc|cc|qmake)' || echo bare"])
    assert printed == "bare\n"


def test_an_older_version_installs_with_apt_alone(root, older):
    root.apt("install", copy_into_root(root, older))
    assert f"{NAME} {OLDER}" in root.run(["dpkg-query", "--show"]).replace("\t", " ")
    assert "python3" not in root.run(["dpkg-query", "--show"])
    assert not (root.place / APPARMOR).exists(), "this AppArmor doesn't know the profile's rule"


def test_every_library_is_found(root):
    command = (
        f"find /usr/lib/{NAME} -type f '(' -name '*.so*' -o -name QtWebEngineProcess ')'"
        " ! -name libqgtk3.so -exec ldd {} + | grep 'not found' || echo all found"
    )
    assert root.run(["sh", "-c", command]) == "all found\n"


@pytest.mark.parametrize("qt", ["xcb", "wayland"])
def test_an_ordinary_user_does_the_main_job_without_a_network(root, qt):
    root.apt("install", *PACKAGES, *(WAYLAND_PACKAGES if qt == "wayland" else []))
    assert_self_test_is_green(root, qt=qt)


def test_an_upgrade_keeps_the_data(root, package):
    """The data of a program that was used with the older version and then with the new one."""
    data = root.place / HOME[1:] / DATA
    seed = [sys.executable, str(ROOT / "benchmarks/support/seed.py"), str(data), "20"]
    subprocess.run(seed, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    root.run(["chown", "--recursive", f"{USER}:{USER}", f"{HOME}/.local"])
    seeded = rows(data / "ledger.sqlite3")
    assert len(seeded) == 20
    start_from_the_menu(root, DATA, seeded[0][0])
    before = contents(data)

    (root.place / KNOWS_USER_NAMESPACES).parent.mkdir(parents=True)
    (root.place / KNOWS_USER_NAMESPACES).touch()
    root.apt("install", copy_into_root(root, package))
    assert OLDER not in root.run(["dpkg-query", "--show", NAME])
    assert not (root.place / "usr/lib" / NAME / "of-an-older-version").exists()
    assert contents(data) == before

    log = start_from_the_menu(root, DATA, seeded[1][0])
    assert not [line for line in log.splitlines() if " ERROR " in line or " CRITICAL " in line]
    assert rows(data / "ledger.sqlite3") == seeded
    assert not [file for file in contents(data) if "broken" in file]


def test_the_profile_is_installed_if_apparmor_knows_user_namespaces(root):
    profile = (root.place / APPARMOR).read_text()
    assert profile == (ROOT / "packaging/linux/files/apparmor").read_text()


def test_the_installed_files_are_the_packages(root):
    assert root.run(["dpkg", "--verify", NAME]) == ""
    assert root.run(["cat", f"/usr/lib/{NAME}/installed-by"]) == "package\n"
    listed = root.run(["dpkg", "--listfiles", NAME])
    for file in (
        f"/usr/bin/{NAME}",
        f"/usr/lib/{NAME}/installed-by",
        f"/usr/share/applications/{NAME}.desktop",
        f"/usr/share/icons/hicolor/256x256/apps/{NAME}.png",
        f"/usr/share/icons/hicolor/scalable/apps/{NAME}.svg",
        f"/usr/share/man/man1/{NAME}.1.gz",
        f"/usr/share/doc/{NAME}/copyright",
        f"/usr/share/doc/{NAME}/changelog.gz",
    ):
        assert file in listed.splitlines()


@pytest.mark.parametrize("action", ["remove", "purge"])
def test_only_the_users_data_is_left(root, package, action):
    if action == "purge":
        root.apt("install", copy_into_root(root, package))
    assert (root.place / APPARMOR).exists()
    root.apt(action, NAME)
    left = [file for file in root.files_named_like(NAME) if not file.startswith("/var/log/")]
    assert left == []
    assert len(rows(root.place / HOME[1:] / DATA / "ledger.sqlite3")) == 20


def test_the_tarball_runs_from_any_folder(root, built):
    (tarball,) = built.glob("*.tar.xz")
    path = copy_into_root(root, tarball)
    root.apt("install", "xz-utils")
    root.run(["tar", "--extract", "--file", path, "--directory", HOME], as_user=True)
    (folder,) = (root.place / HOME[1:]).glob(f"{NAME}-*")
    assert_self_test_is_green(root, f"{HOME}/{folder.name}/bin/{NAME}")
    assert (folder / f"lib/{NAME}/installed-by").read_text() == "tarball\n"


def test_the_tarball_installs_for_one_user_and_uninstalls(root):
    (folder,) = (root.place / HOME[1:]).glob(f"{NAME}-*")
    prefix = f"{HOME}/.local"
    before = set(contents(root.place / prefix[1:]))
    root.run([f"{HOME}/{folder.name}/install.sh"], as_user=True)
    root.run([f"{HOME}/{folder.name}/install.sh"], as_user=True)  # over itself
    assert_self_test_is_green(root, f"{prefix}/bin/{NAME}")
    entry = (root.place / prefix[1:] / f"share/applications/{NAME}.desktop").read_text()
    assert f"\nExec={prefix}/bin/{NAME} %u\n" in entry
    root.run([f"{prefix}/lib/{NAME}/uninstall.sh"], as_user=True)
    assert set(contents(root.place / prefix[1:])) == before


def test_the_appimage_runs(root, built, tmp_path):
    """From its file system, on a system without the libraries that it brings."""
    runtime = b"instead of the published runtime, which mounts the file system"
    frozen = ROOT / "build/frozen" / NAME
    image = appimage.build(frozen, ROOT / "build", tmp_path, runtime=runtime, level=1)
    root.apt("remove", *APPIMAGE_LIBRARIES)
    target = root.place / HOME[1:] / "AppDir"
    run(["unsquashfs", "-quiet", "-offset", str(len(runtime)), "-dest", str(target), str(image)])
    assert_self_test_is_green(root, f"{HOME}/AppDir/AppRun")
