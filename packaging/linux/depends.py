"""Which Debian packages the frozen program needs, as its binaries say."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from common.project import NAME
from common.run import run
from linux.binaries import binaries_of

# Used without being linked against: dlopen() and files.
_ALSO_NEEDED = (
    "ca-certificates",
    "fonts-dejavu-core | fonts-liberation | fonts-noto-core",
)
_RECOMMENDED = (
    "default-dbus-session-bus | dbus-session-bus",
    "gnome-keyring | kwalletmanager | keepassxc",
    "libgtk-3-0",
    "xdg-utils",
)
# Qt does without this where GTK, which would be another 60 packages, is missing.
_OPTIONAL = {"libqgtk3.so"}


def depends_and_recommends(tree: Path) -> tuple[list[str], list[str]]:
    """For the fields of the package's control file. `tree` is the frozen program."""
    linked = _packages_of(tree, [one for one in binaries_of(tree) if one.name not in _OPTIONAL])
    return sorted({*linked, *_ALSO_NEEDED}), sorted(_RECOMMENDED)


def _packages_of(tree: Path, binaries: list[Path]) -> list[str]:
    own_folders = sorted({path.parent for path in binaries_of(tree) if ".so" in path.name})
    with tempfile.TemporaryDirectory() as folder:
        # dpkg-shlibdeps wants to stand in a source package.
        control = Path(folder) / "debian" / "control"
        control.parent.mkdir()
        control.write_text(f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n", "utf-8")
        own = [f"-l{place}" for place in own_folders]
        # Its own libraries belong to no package; --ignore-missing-info says so.
        command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *own]
        said = run([*command, *(f"-e{path}" for path in binaries)], cwd=Path(folder))
    found = re.search(r"^shlibs:Depends=(.*)$", said, re.MULTILINE)
    return [one.strip() for one in found[1].split(",")] if found and found[1] else []
