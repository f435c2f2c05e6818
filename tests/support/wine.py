"""A Wine prefix for trying Windows installers, on a virtual screen."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

PATIENCE = 30.0


class Wine:
    """64-bit Windows 10. `close` ends everything that was started in it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.drive = place / "prefix" / "drive_c"
        self.local_data = self.drive / "users" / "tester" / "AppData" / "Local"
        self.start_menu = self._start_menu("users/tester/AppData/Roaming")
        self.common_start_menu = self._start_menu("ProgramData")
        self._company: subprocess.Popen[bytes] | None = None
        self._screen, display = _start_screen()
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(place),
            "USER": "tester",
            "DISPLAY": display,
            "WINEPREFIX": str(place / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # No offers to download .NET and a browser, no menu entries in the test's home.
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
        }
        try:
            self.run("wineboot", "--init")
            self.run("winecfg", "/v", "win10")
            # If no program runs, the services end, and starting them again takes ten seconds.
            self._company = self.start("cmd", stdin=subprocess.PIPE)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._server("-k")
        self._server("-w")
        if self._company is not None:
            self._company.communicate(timeout=PATIENCE)
        self._screen.terminate()
        self._screen.wait(PATIENCE)

    def run(self, program: str | Path, *arguments: str) -> int:
        """Run the program. Returns its exit code, of which Wine keeps only the lowest byte."""
        return self._wait(self.start(program, *arguments))

    def start(
        self,
        program: str | Path,
        *arguments: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["wine", str(program), *arguments],
            env=self._environment,
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
        )

    def uninstall(self, folder: Path, *switches: str) -> None:
        """Run the uninstaller and wait for its end. It continues in a copy of itself."""
        self.run(folder / "uninstall.exe", *switches)
        wait_until(lambda: not _is_running("~nsu"), "the uninstaller has ended")

    def registry(self, key: str) -> dict[str, str]:
        """Everything below a key: "subkey\\name" -> the value as `reg query` prints it."""
        # Not a pipe: Wine's own services may keep it open after `reg` has ended.
        with tempfile.TemporaryFile() as output:
            self._wait(self.start("reg", "query", key, "/s", stdout=output))
            output.seek(0)
            listed = output.read().decode("utf-8", "replace")
        values, subkey = dict[str, str](), ""
        for line in listed.splitlines():
            if line.startswith("HKEY_"):
                subkey = line.strip().partition(key.partition("\\")[2])[2].lstrip("\\")
            elif match := re.match(r"    (.+?)    REG_\w+    (.*)", line):
                name = "" if match[1] == "(Default)" else match[1]
                values["\\".join(part for part in (subkey, name) if part)] = match[2].strip()
        return values

    def files(self) -> set[str]:
        """Every file that belongs to no part of Windows itself, relative to the drive."""
        places = ["Program Files", "Program Files (x86)", "ProgramData", "users"]
        found = (path for place in places for path in (self.drive / place).rglob("*"))
        names = {path.relative_to(self.drive).as_posix() for path in found if path.is_file()}
        return {name for name in names if "/Temp/" not in name}

    def windows_path(self, path: Path) -> str:
        return "C:\\" + str(path.relative_to(self.drive)).replace("/", "\\")

    def _server(self, switch: str) -> None:
        subprocess.run(
            ["wineserver", switch],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=PATIENCE,
        )

    def _wait(self, process: subprocess.Popen[bytes]) -> int:
        try:
            return process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def _start_menu(self, data: str) -> Path:
        return self.drive / data / "Microsoft/Windows/Start Menu/Programs"


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


def _is_running(part: str) -> bool:
    """Whether the text is in any process's command line. Wine's own tasklist lists nothing."""
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may have just ended
            if part.encode() in (process / "cmdline").read_bytes():
                return True
    return False


def _start_screen() -> tuple[subprocess.Popen[bytes], str]:
    """Start an X server, which chooses a free display number."""
    read, write = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1024x768x24", "-nolisten", "tcp"],
        pass_fds=[write],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as numbers:
        return screen, f":{int(numbers.readline())}"
