"""An ordinary user's session in a clean root: a screen, a login keyring, and no network."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import time
from pathlib import Path

from tests.support.clean_root import USER, CleanRoot

NAME = "seam-portal-desktop"
HOME = f"/home/{USER}"
PACKAGES = ["xvfb", "xauth", "dbus", "dbus-x11", "gnome-keyring", "libglib2.0-bin"]
WAYLAND_PACKAGES = ["weston"]

# The tests run at low priority beside others, on machines of two processors.
_TIMEOUT_SECONDS = 180

_ON_A_SCREEN = "xvfb-run -a -s '-screen 0 1440x900x24' dbus-run-session -- sh /tmp/session"
_UNLOCK = "printf %s password | gnome-keyring-daemon --unlock --components=secrets >/dev/null"
# The compositor runs in a window of the X server, which gives it a keyboard. Without a keyboard, as
# with its headless backend, Wayland has no clipboard. The program doesn't see the X server.
_WAYLAND = """
export XDG_RUNTIME_DIR=$(mktemp -d)
weston --backend=x11-backend.so --use-pixman --socket=test --width=1400 --height=850 \
    --log=$XDG_RUNTIME_DIR/log &
until [ -S $XDG_RUNTIME_DIR/test ]; do sleep 0.1; done
unset DISPLAY
export WAYLAND_DISPLAY=test
"""


def copy_into_root(root: CleanRoot, file: Path) -> str:
    """Copy a file into the root and return its path there."""
    shutil.copyfile(file, root.place / "tmp" / file.name)
    return f"/tmp/{file.name}"


def start_session(root: CleanRoot, *commands: str, qt: str = "xcb") -> subprocess.Popen[str]:
    """Start commands in a session on X, or on Wayland if `qt` is "wayland"."""
    script = [_UNLOCK, *([_WAYLAND] if qt == "wayland" else []), *commands]
    (root.place / "tmp/session").write_text("\n".join(script), "utf-8")
    return root.start(["LANG=C.UTF-8", _ON_A_SCREEN], as_user=True, offline=True)


def assert_self_test_is_green(root: CleanRoot, program: str = NAME, *, qt: str = "xcb") -> None:
    """Run the self-test with a real keyring and Chromium's sandbox; every step must succeed."""
    report = f"{HOME}/report.json"
    (root.place / report[1:]).unlink(missing_ok=True)
    process = start_session(root, f"{program} --self-test --report {report}", qt=qt)
    renderers = watch_renderers(process)
    printed = root.wait(process, _TIMEOUT_SECONDS)
    assert process.returncode == 0, printed
    assert "Traceback" not in printed
    result = json.loads((root.place / report[1:]).read_text("utf-8"))
    failed = [step for step in result["steps"] if not step["ok"]]
    assert result["ok"], failed
    assert result["keyring"] == "SecretService.Keyring"
    assert result["platform"]["qt"] == qt
    assert set(renderers) == {("2", True)}


def watch_renderers(process: subprocess.Popen[str]) -> list[tuple[str, bool]]:
    """The last known state of Chromium's page processes while `process` ran.

    Each state is (Seccomp of /proc/PID/status, whether it has a user namespace of its own). A new
    page process starts outside of the sandbox, and enters it before it loads anything. Other
    programs of this machine have such processes too, so only those in the mount namespace of
    `process` count.
    """
    seen: dict[str, tuple[str, bool]] = {}
    own = Path("/proc/self/ns")
    until = time.monotonic() + _TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < until:
        # Processes start and end while this reads them.
        with contextlib.suppress(OSError):
            entered = Path(f"/proc/{process.pid}/ns/mnt").readlink()
            if entered == (own / "mnt").readlink():
                continue
            for place in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    if b"--type=renderer" not in (place / "cmdline").read_bytes():
                        continue
                    if (place / "ns/mnt").readlink() != entered:
                        continue
                    status = (place / "status").read_text()
                    (seccomp,) = (one for one in status.splitlines() if one.startswith("Seccomp:"))
                    is_own = (place / "ns/user").readlink() != (own / "user").readlink()
                    seen[place.name] = (seccomp.split()[1], is_own)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    return list(seen.values())


def start_from_the_menu(root: CleanRoot, data: str, portal_id: str) -> str:
    """Start it from the menu, start it again with a portal's address, end it with a signal.

    `data` is the program's directory under the user's home. Returns the log. AssertionError when
    the second start wasn't answered or the end hangs.
    """
    lock = f"{HOME}/{data}/instance.lock"
    process = start_session(
        root,
        f"gio launch /usr/share/applications/{NAME}.desktop",
        f"until [ -s {lock} ]; do sleep 0.1; done",
        f"{NAME} seam-portals://portal/{portal_id} && echo answered",
        f"kill $(head -n 1 {lock})",
        f"while [ -e {lock} ]; do sleep 0.1; done",
        "echo ended",
    )
    printed = root.wait(process, _TIMEOUT_SECONDS)
    assert "answered\n" in printed, printed
    assert "ended\n" in printed, printed
    return (root.place / HOME[1:] / data / f"logs/{NAME}.log").read_text("utf-8")
