"""A minimal Debian in a directory: no Python packages, no Qt, no compiler. Needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

USER = "tester"
_SUITE = "bookworm"
_PATIENCE_SECONDS = 600
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "seam-portal-packaging"
_ENTER = Path(__file__).with_name("enter_root.py")
_NAMESPACES = ("--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")


def mirror() -> str:
    """Where this machine's own apt gets Debian from; the clean one uses the same."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return next(uri for uri in listed.stdout.split() if "security" not in uri).rstrip("/")


class CleanRoot:
    """Debian's minimal system, unpacked anew at `place`; commands run in it as in a machine."""

    def __init__(self, place: Path) -> None:
        self.place = place
        place.mkdir(parents=True)
        run(["tar", "--extract", "--file", _base_system(), "--directory", place])
        (place / "etc/resolv.conf").write_text(Path("/etc/resolv.conf").read_text())
        # The packages that are fetched are kept for the next run, outside of the root.
        archives = _CACHE / f"archives-{_SUITE}"
        archives.mkdir(exist_ok=True)
        for package in archives.glob("*.deb"):
            shutil.copy2(package, place / "var/cache/apt/archives")
        self._archives = archives
        self.run(["apt-get", "update", "-qq"])
        self.run(["useradd", "--create-home", "--shell", "/bin/sh", USER])

    def start(
        self, command: Sequence[str], *, as_user: bool = False, offline: bool = False
    ) -> subprocess.Popen[str]:
        """Start a command in the root, in a login shell of its user for `as_user`."""
        if as_user:
            command = ["runuser", "--login", USER, "--command", " ".join(command)]
        namespaces = [*_NAMESPACES, "--net"] if offline else _NAMESPACES
        enter = [sys.executable, str(_ENTER), str(self.place), *(["--offline"] * offline)]
        return subprocess.Popen(
            ["unshare", *namespaces, "--", *enter, *command],
            env={
                "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
                "DEBIAN_FRONTEND": "noninteractive",
                "LC_ALL": "C.UTF-8",
            },
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, command: Sequence[str], *, as_user: bool = False, offline: bool = False) -> str:
        """What the command printed. AssertionError with it when the command fails."""
        process = self.start(command, as_user=as_user, offline=offline)
        printed, _ = process.communicate(timeout=_PATIENCE_SECONDS)
        assert process.returncode == 0, f"{' '.join(command)}\n{printed}"
        return printed

    def apt(self, *arguments: str) -> str:
        printed = self.run(["apt-get", "-y", "--no-install-recommends", *arguments])
        for package in (self.place / "var/cache/apt/archives").glob("*.deb"):
            if not (self._archives / package.name).exists():
                shutil.copy2(package, self._archives)
        return printed

    def files_named_like(self, part: str) -> list[str]:
        """Every file whose name contains `part`, outside of homes, logs and caches."""
        hidden = "-path /proc -o -path /sys -o -path /home -o -path /root -o -path /tmp"
        command = (
            f"find / \\( {hidden} -o -path /var/cache/apt \\) -prune -o -name '*{part}*' -print"
        )
        return self.run(["sh", "-c", command]).splitlines()


def run(command: Sequence[str | Path]) -> str:
    result = subprocess.run(
        [str(part) for part in command],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=_PATIENCE_SECONDS,
    )
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}"
    return result.stdout


def _base_system() -> Path:
    """A tarball of the minimal system, made once for each suite."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    base = _CACHE / f"base-{_SUITE}.tar"
    if not base.exists():
        folder = _CACHE / f"debootstrap-{os.getpid()}"
        try:
            run(["debootstrap", "--variant=minbase", _SUITE, folder, mirror()])
            part = base.with_suffix(".part")
            run(["tar", "--create", "--file", part, "--directory", folder, "."])
            part.rename(base)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return base
