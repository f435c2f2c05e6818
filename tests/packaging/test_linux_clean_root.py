"""The packages in a clean minimal Debian: installed, used, upgraded and removed as a user would.

The tests share one root and follow each other in their order; the first that fails tells why.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.packaging.conftest import ROOT
from tests.support.clean_root import USER, CleanRoot

NAME = "seam-portal-desktop"
HOME = f"/home/{USER}"
DATA = f".local/share/{NAME}"
TOOLS = ["xvfb", "xauth", "dbus", "dbus-x11", "gnome-keyring", "libglib2.0-bin"]
OLDER = "0.0.1"
_PATIENCE_SECONDS = 60

_ON_A_SCREEN = "xvfb-run -a -s '-screen 0 1440x900x24' dbus-run-session -- sh /tmp/session"


@pytest.fixture(scope="module")
def root(built, tmp_path_factory):
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        pytest.skip("a clean Debian is made with debootstrap, as root")
    faulthandler.cancel_dump_traceback_later()
    place = tmp_path_factory.mktemp("clean") / "root"
    yield CleanRoot(place)
    shutil.rmtree(place)


@pytest.fixture(scope="module")
def package(built) -> Path:
    (package,) = built.glob("*.deb")
    return package


@pytest.fixture(scope="module")
def older(package, tmp_path_factory) -> Path:
    """The same package under an older version, with a file that the new one has no more."""
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


def bring(root: CleanRoot, file: Path) -> str:
    """Put a file into the root and return its place there."""
    shutil.copyfile(file, root.place / "tmp" / file.name)
    return f"/tmp/{file.name}"


def start_session(root: CleanRoot, *commands: str) -> subprocess.Popen[str]:
    """Start commands of an ordinary user, with a screen and a login keyring, without a network."""
    unlock = "printf %s password | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
    script = "\n".join([unlock, *commands])
    (root.place / "tmp/session").write_text(script, "utf-8")
    return root.start(["LANG=C.UTF-8", _ON_A_SCREEN], as_user=True, offline=True)


def self_test(root: CleanRoot, program: str = NAME) -> dict:
    """The program's own report, what it printed, and what was seen of the page's processes."""
    report = f"{HOME}/report.json"
    (root.place / report[1:]).unlink(missing_ok=True)
    process = start_session(root, f"{program} --self-test --report {report}")
    seen = watch_renderers(process)
    printed, _ = process.communicate(timeout=_PATIENCE_SECONDS)
    assert process.returncode == 0, printed
    result = json.loads((root.place / report[1:]).read_text("utf-8"))
    return result | {"renderers": seen, "printed": printed}


def watch_renderers(process: subprocess.Popen) -> list[tuple[str, bool]]:
    """What Chromium's page processes were like when they were last seen while `process` ran.

    Each is (Seccomp of /proc/PID/status, whether it has a user namespace of its own). A new one
    starts outside of the sandbox, and locks itself in before it loads anything.
    """
    seen: dict[str, tuple[str, bool]] = {}
    until = time.monotonic() + _PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        for place in Path("/proc").glob("[0-9]*"):
            # Processes come and go while they are looked at.
            with contextlib.suppress(OSError):
                if b"--type=renderer" not in (place / "cmdline").read_bytes():
                    continue
                status = (place / "status").read_text()
                (seccomp,) = (line for line in status.splitlines() if line.startswith("Seccomp:"))
                own = (place / "ns/user").readlink() != Path("/proc/self/ns/user").readlink()
                seen[place.name] = (seccomp.split()[1], own)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    return list(seen.values())


def assert_green(result: dict) -> None:
    failed = [step for step in result["steps"] if not step["ok"]]
    assert result["ok"], failed
    assert result["keyring"] == "SecretService.Keyring"
    assert result["platform"]["qt"] == "xcb"
    assert "Traceback" not in result["printed"]


def start_from_the_menu(root: CleanRoot, portal_id: str) -> str:
    """Start it as a desktop does, and again with a portal's address; end it with a signal.

    Returns the log. AssertionError when the second start wasn't answered or the end hangs.
    """
    lock = f"{HOME}/{DATA}/instance.lock"
    process = start_session(
        root,
        f"gio launch /usr/share/applications/{NAME}.desktop",
        f"until [ -s {lock} ]; do sleep 0.1; done",
        f"{NAME} seam-portals://portal/{portal_id} && echo answered",
        f"kill $(head -n 1 {lock})",
        f"while [ -e {lock} ]; do sleep 0.1; done",
        "echo ended",
    )
    printed, _ = process.communicate(timeout=_PATIENCE_SECONDS)
    assert "answered\n" in printed, printed
    assert "ended\n" in printed, printed
    return (root.place / HOME[1:] / DATA / f"logs/{NAME}.log").read_text("utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def rows(ledger: Path) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as connection:
        return sorted(connection.execute("SELECT portal_id, customer_key FROM portals"))


def test_the_root_is_bare(root):
    printed = root.run(["sh", "-c", "ls /usr/bin | grep -E '^(python|gcc|cc|qmake)' || echo bare"])
    assert printed == "bare\n"


def test_an_older_version_installs_with_apt_alone(root, older):
    root.apt("install", bring(root, older))
    assert f"{NAME} {OLDER}" in root.run(["dpkg-query", "--show"]).replace("\t", " ")
    assert "python3" not in root.run(["dpkg-query", "--show"])


def test_every_library_is_found(root):
    command = (
        f"find /usr/lib/{NAME} -type f '(' -name '*.so*' -o -name QtWebEngineProcess ')'"
        " ! -name libqgtk3.so -exec ldd {} + | grep 'not found' || echo all found"
    )
    assert root.run(["sh", "-c", command]) == "all found\n"


def test_an_ordinary_user_does_the_main_job_without_a_network(root):
    root.apt("install", *TOOLS)
    assert_green(self_test(root))


def test_chromiums_sandbox_is_on(root):
    assert set(self_test(root)["renderers"]) == {("2", True)}


def test_an_upgrade_keeps_the_data(root, package):
    """Of a program that was used for long, under the older version and then under the new one."""
    data = root.place / HOME[1:] / DATA
    seed = [sys.executable, str(ROOT / "benchmarks/support/seed.py"), str(data), "20"]
    subprocess.run(seed, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    root.run(["chown", "--recursive", f"{USER}:{USER}", f"{HOME}/.local"])
    seeded = rows(data / "ledger.sqlite3")
    assert len(seeded) == 20
    start_from_the_menu(root, seeded[0][0])
    before = contents(data)

    root.apt("install", bring(root, package))
    assert OLDER not in root.run(["dpkg-query", "--show", NAME])
    assert not (root.place / "usr/lib" / NAME / "of-an-older-version").exists()
    assert contents(data) == before

    log = start_from_the_menu(root, seeded[1][0])
    assert not [line for line in log.splitlines() if " ERROR " in line or " CRITICAL " in line]
    assert rows(data / "ledger.sqlite3") == seeded
    assert not [file for file in contents(data) if "broken" in file]


def test_the_installed_files_are_the_packages(root):
    assert root.run(["dpkg", "--verify", NAME]) == ""
    listed = root.run(["dpkg", "--listfiles", NAME])
    for file in (
        f"/usr/bin/{NAME}",
        f"/usr/share/applications/{NAME}.desktop",
        f"/usr/share/icons/hicolor/256x256/apps/{NAME}.png",
        f"/usr/share/icons/hicolor/scalable/apps/{NAME}.svg",
        f"/usr/share/man/man1/{NAME}.1.gz",
        f"/usr/share/doc/{NAME}/copyright",
        f"/usr/share/doc/{NAME}/changelog.gz",
    ):
        assert file in listed.splitlines()


@pytest.mark.parametrize("action", ["remove", "purge"])
def test_nothing_is_left_behind_but_the_users_data(root, package, action):
    if action == "purge":
        root.apt("install", bring(root, package))
    root.apt(action, NAME)
    left = [file for file in root.files_named_like(NAME) if not file.startswith("/var/log/")]
    assert left == []
    assert len(rows(root.place / HOME[1:] / DATA / "ledger.sqlite3")) == 20


def test_the_tarball_runs_where_it_is_unpacked(root, built):
    (tarball,) = built.glob("*.tar.xz")
    place = bring(root, tarball)
    root.apt("install", "xz-utils")
    root.run(["tar", "--extract", "--file", place, "--directory", HOME], as_user=True)
    (folder,) = (root.place / HOME[1:]).glob(f"{NAME}-*")
    assert_green(self_test(root, f"{HOME}/{folder.name}/bin/{NAME}"))


def test_the_tarball_installs_for_one_user_and_leaves_again(root):
    (folder,) = (root.place / HOME[1:]).glob(f"{NAME}-*")
    prefix = f"{HOME}/.local"
    before = set(contents(root.place / prefix[1:]))
    root.run([f"{HOME}/{folder.name}/install.sh"], as_user=True)
    root.run([f"{HOME}/{folder.name}/install.sh"], as_user=True)  # over itself
    assert_green(self_test(root, f"{prefix}/bin/{NAME}"))
    entry = (root.place / prefix[1:] / f"share/applications/{NAME}.desktop").read_text()
    assert f"\nExec={prefix}/bin/{NAME} %u\n" in entry
    root.run([f"{prefix}/lib/{NAME}/uninstall.sh"], as_user=True)
    assert set(contents(root.place / prefix[1:])) == before
