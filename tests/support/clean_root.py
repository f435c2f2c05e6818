"""A minimal Debian or Ubuntu in a directory: no Python, no Qt, no compiler. Needs root."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

USER = "tester"
_TIMEOUT_SECONDS = 400
_CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "seam-portal-packaging"
_ENTER = Path(__file__).with_name("enter_root.py")
_NAMESPACES = ("--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")


def what_is_missing() -> str | None:
    """Why no clean system can be made and entered here, or None."""
    if os.geteuid() != 0:
        return "a clean system is made as root"
    if shutil.which("debootstrap") is None:
        return "debootstrap is not installed"
    entered = subprocess.run(["unshare", *_NAMESPACES, "true"], capture_output=True, check=False)
    return None if entered.returncode == 0 else "this container allows no namespaces"


@dataclass(frozen=True, slots=True)
class Suite:
    """A release of a distribution; packages are installed from these `components`."""

    name: str
    distribution: str
    components: str = "main"

    @property
    def keyring(self) -> Path:
        """The keyring of the archive; the distribution's own machines have it."""
        name = f"{self.distribution}-archive-keyring.gpg"
        kept = _CACHE / name
        return kept if kept.exists() else Path("/usr/share/keyrings") / name

    @property
    def mirror(self) -> str:
        """The mirror of this machine's apt, or empty for debootstrap's default."""
        if platform.freedesktop_os_release().get("ID") != self.distribution:
            return ""
        listed = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI)"],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return next(uri for uri in listed.stdout.split() if "security" not in uri).rstrip("/")


DEBIAN_12 = Suite("bookworm", "debian")
DEBIAN_13 = Suite("trixie", "debian")
UBUNTU_24_04 = Suite("noble", "ubuntu", "main universe")


class CleanRoot:
    """A minimal system unpacked to `place`, in which commands run.

    After a command has hung, no other command starts. The system's package manager or network
    doesn't work then, and each of many tests would wait for it.
    """

    def __init__(self, place: Path, suite: Suite = DEBIAN_12) -> None:
        self.place = place
        self._has_hung = False
        place.mkdir(parents=True)
        run(["tar", "--extract", "--file", _base_system(suite), "--directory", place])
        (place / "etc/resolv.conf").write_text(Path("/etc/resolv.conf").read_text())
        # The packages that are fetched are kept for the next run, outside of the root.
        archives = _CACHE / f"archives-{suite.name}"
        archives.mkdir(exist_ok=True)
        for package in archives.glob("*.deb"):
            shutil.copy2(package, place / "var/cache/apt/archives")
        self._archives = archives
        sources = place / "etc/apt/sources.list"
        sources.write_text(sources.read_text().replace(" main", f" {suite.components}"))
        self.run(["apt-get", "update", "-qq"])
        self.run(["useradd", "--create-home", "--shell", "/bin/sh", USER])

    def start(
        self, command: Sequence[str], *, as_user: bool = False, offline: bool = False
    ) -> subprocess.Popen[str]:
        """Start a command in the root; `as_user` in a login shell of its user."""
        assert not self._has_hung, "an earlier command hung in this root"
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
        """The output of the command. AssertionError if it fails."""
        process = self.start(command, as_user=as_user, offline=offline)
        printed = self.wait(process, _TIMEOUT_SECONDS)
        assert process.returncode == 0, f"{' '.join(command)}\n{printed}"
        return printed

    def wait(self, process: subprocess.Popen[str], seconds: float) -> str:
        """The output of a started process when it has ended. One that hangs is ended."""
        try:
            return process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            self._has_hung = True
            process.kill()
            printed, _ = process.communicate(timeout=30)
            raise AssertionError(f"It hung for {seconds} seconds.\n{printed}") from None

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
        timeout=_TIMEOUT_SECONDS,
    )
    assert result.returncode == 0, f"{' '.join(map(str, command))}\n{result.stdout}"
    return result.stdout


def _base_system(suite: Suite) -> Path:
    """A tarball of the minimal system, made once for each suite."""
    _CACHE.mkdir(parents=True, exist_ok=True)
    base = _CACHE / f"base-{suite.name}.tar"
    if not base.exists():
        folder = _CACHE / f"debootstrap-{os.getpid()}"
        script = {"debian": "sid", "ubuntu": "gutsy"}[suite.distribution]
        options = ["--variant=minbase", f"--keyring={suite.keyring}"]
        try:
            # The distribution's script is for all suites. An older debootstrap lacks a new suite's.
            run(["debootstrap", *options, suite.name, folder, suite.mirror, script])
            part = base.with_suffix(".part")
            run(["tar", "--create", "--file", part, "--directory", folder, "."])
            part.rename(base)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return base
