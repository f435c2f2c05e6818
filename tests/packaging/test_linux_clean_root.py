"""The packages in a clean minimal Debian: installed, used, upgraded and removed as a user would.

The tests share one root and follow each other in their order; the first that fails tells why.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.clean_root import USER, CleanRoot

NAME = "seam-portal-desktop"
HOME = f"/home/{USER}"
DATA = f"{HOME}/kept"
TOOLS = ["xvfb", "xauth", "dbus", "dbus-x11", "gnome-keyring", "libglib2.0-bin"]
OLDER = "0.0.1"
_PATIENCE_SECONDS = 60

# A login keyring as a desktop has it, unlocked when the session begins.
SESSION = (
    "cd && unset LC_ALL && LANG=C.UTF-8 xvfb-run -a -s '-screen 0 1440x900x24' "
    "dbus-run-session -- sh -c '"
    "printf %s password | gnome-keyring-daemon --unlock --components=secrets >/dev/null; {}'"
)


@pytest.fixture(scope="module")
def root(built, tmp_path_factory):
    if shutil.which("debootstrap") is None:
        pytest.skip("debootstrap is not installed")
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


def self_test(root: CleanRoot, program: str = NAME, *arguments: str) -> dict:
    """Run it without a network, in a session with a screen and a keyring."""
    report = f"{HOME}/report.json"
    command = " ".join([program, "--self-test", "--report", report, *arguments])
    (root.place / report[1:]).unlink(missing_ok=True)
    process = root.start(["sh", "-c", f'"{SESSION.format(command)}"'], as_user=True, offline=True)
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


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


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
    result = self_test(root, NAME, "--data-dir", DATA)
    assert_green(result)
    assert "Traceback" not in result["printed"]


def test_chromiums_sandbox_is_on(root):
    assert set(self_test(root)["renderers"]) == {("2", True)}


def test_an_upgrade_keeps_the_data(root, package):
    before = contents(root.place / DATA[1:])
    assert "ledger.sqlite3" in before
    root.apt("install", bring(root, package))
    assert OLDER not in root.run(["dpkg-query", "--show", NAME])
    assert not (root.place / "usr/lib" / NAME / "of-an-older-version").exists()
    assert contents(root.place / DATA[1:]) == before
    assert_green(self_test(root, NAME, "--data-dir", DATA))


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


def test_it_starts_from_the_menu_and_again_with_an_address(root):
    """`gio launch` does what a desktop's menu does with the .desktop file."""
    entry = f"/usr/share/applications/{NAME}.desktop"
    lock = root.place / f"home/{USER}/.local/share/{NAME}/instance.lock"
    address = "seam-portals://portal/3f0f3c7e-5b1d-4a55-9d0e-5a1f3f1d2c11"
    launch = (
        f"gio launch {entry}; while [ ! -e {HOME}/second ]; do sleep 0.1; done; "
        f"gio launch {entry} {address} && touch {HOME}/answered; sleep 60"
    )
    process = root.start(["sh", "-c", f'"{SESSION.format(launch)}"'], as_user=True)
    try:
        wait_until(lock.exists)
        first = int(lock.read_text().split()[0])
        (root.place / f"home/{USER}/second").touch()
        wait_until((root.place / f"home/{USER}/answered").exists)
        assert int(lock.read_text().split()[0]) == first
    finally:
        process.send_signal(signal.SIGTERM)
        process.kill()
        process.communicate(timeout=_PATIENCE_SECONDS)


def wait_until(condition) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("action", ["remove", "purge"])
def test_nothing_is_left_behind_but_the_users_data(root, package, action):
    if action == "purge":
        root.apt("install", bring(root, package))
    root.apt(action, NAME)
    left = [file for file in root.files_named_like(NAME) if not file.startswith("/var/log/")]
    assert left == []
    assert "ledger.sqlite3" in contents(root.place / DATA[1:])


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
