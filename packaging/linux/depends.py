"""The Debian packages that the frozen program's binaries need."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from common.project import NAME
from common.run import run
from linux.binaries import binaries_of

# Used by dlopen() or as files, so not linked.
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
# Qt works without this. It needs GTK, which would be another 60 packages.
_OPTIONAL = {"libqgtk3.so"}


def depends_and_recommends(tree: Path) -> tuple[list[str], list[str]]:
    """The values of these fields of the control file. `tree` is the frozen program."""
    linked = _packages_of(tree, [one for one in binaries_of(tree) if one.name not in _OPTIONAL])
    return sorted({*linked, *_ALSO_NEEDED}), sorted(_RECOMMENDED)


def _packages_of(tree: Path, binaries: list[Path]) -> list[str]:
    own_folders = sorted({path.parent for path in binaries_of(tree) if ".so" in path.name})
    with tempfile.TemporaryDirectory() as folder:
        # dpkg-shlibdeps must run in a source package.
        control = Path(folder) / "debian" / "control"
        control.parent.mkdir()
        control.write_text(f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n", "utf-8")
        own = [f"-l{path}" for path in own_folders]
        # --ignore-missing-info, because no package has the program's own libraries.
        command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *own]
        output = run([*command, *(f"-e{path}" for path in binaries)], cwd=Path(folder))
    found = re.search(r"^shlibs:Depends=(.*)$", output, re.MULTILINE)
    return [one.strip() for one in found[1].split(",")] if found and found[1] else []
