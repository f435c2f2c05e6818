"""The parts of the program's .exe besides its code: version, manifest, icon."""

from __future__ import annotations

from pathlib import Path

from common import app_icon
from common.project import DISPLAY_NAME
from windows import facts

_MANIFEST = Path(__file__).parent / "files" / "program.manifest"
_US_ENGLISH, _UNICODE = 0x0409, 1200


def options(work: Path) -> dict[str, str]:
    """The arguments for PyInstaller's EXE. Writes their files to `work`."""
    version = work / "version-resource.txt"
    version.parent.mkdir(parents=True, exist_ok=True)
    version.write_text(version_resource(), "utf-8")
    return {
        "version": str(version),
        "manifest": str(_MANIFEST),
        "icon": str(app_icon.write_ico(work / "app.ico")),
    }


def version_resource() -> str:
    """The version resource in PyInstaller's notation, which is evaluated as Python."""
    strings = facts.version_strings(DISPLAY_NAME, facts.PROGRAM)
    pairs = [f"StringStruct({key!r}, {value!r})" for key, value in strings.items()]
    lines = ",\n        ".join(pairs)
    return f"""\
VSVersionInfo(
  ffi=FixedFileInfo(
    filevers={facts.four_numbers()},
    prodvers={facts.four_numbers()},
    mask=0x3F,
    flags=0x0,
    OS=0x40004,
    fileType=0x1,
    subtype=0x0,
    date=(0, 0),
  ),
  kids=[
    StringFileInfo([
      StringTable('{_US_ENGLISH:04x}{_UNICODE:04x}', [
        {lines},
      ]),
    ]),
    VarFileInfo([VarStruct('Translation', [{_US_ENGLISH:#06x}, {_UNICODE}])]),
  ],
)
"""
