"""The installer: NSIS compiles files/installer.nsi with the files that are written here."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PureWindowsPath

from common import app_icon, file_list, project
from common.project import DISPLAY_NAME, BuildError
from common.run import run
from windows import facts

_FILES = Path(__file__).parent / "files"
_SCRIPT = _FILES / "installer.nsi"
# The stub of NSIS's releases. Debian's NSIS has a 64-bit one as well, for Wine without 32 bits.
STUB = "x86-unicode"


def build(
    program: Path,
    work: Path,
    out: Path,
    *,
    quick: bool,
    sign_command: str | None = None,
    stub: str = STUB,
) -> Path:
    """The installer of all files under `program`.

    With `quick` it is larger. `sign_command` signs the uninstaller before it is packed; %1 is its
    path. BuildError with NSIS's message for an error or a warning.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    target = out / facts.installer_name()
    files = file_list.files_of(program)
    size = sum((program / name).stat().st_size for name in files)
    defines = {
        **_facts(),
        "STUB": stub,
        "COMPRESSOR": "/FINAL zlib" if quick else "/SOLID /FINAL lzma",
        "OUT_FILE": str(target),
        "ICON": str(app_icon.write_ico(work / "app.ico")),
        "WIZARD_PICTURE": str(_FILES / "wizard.bmp"),
        "SIZE_KIB": str(-(-size // 1024)),
        "VERSION_STRINGS": str(_write(work / "version.nsh", _version_strings(target.name))),
    }
    if sign_command is not None:
        defines["SIGN_COMMAND"] = sign_command
    facts_file = _write(work / "facts.nsh", _defines(defines))
    files_file = _write(work / "files.nsh", _file_macros(program, files))
    command: list[str | Path] = [find_makensis(), "-NOCD", "-WX", "-V2", "-INPUTCHARSET", "UTF8"]
    run([*command, f"-DFACTS={facts_file}", f"-DFILES={files_file}", _SCRIPT])
    return target


def find_makensis() -> Path:
    """NSIS's compiler. BuildError if it is not installed."""
    candidates = [Path(path) for path in (shutil.which("makensis"),) if path]
    if sys.platform == "win32":
        candidates += [
            Path(os.environ[name]) / "NSIS" / "makensis.exe"
            for name in ("PROGRAMFILES(X86)", "PROGRAMFILES")
            if name in os.environ
        ]
    for path in candidates:
        if path.exists():
            return path
    raise BuildError("Please install NSIS 3.08 or newer: apt-get install nsis, choco install nsis")


def _facts() -> dict[str, str]:
    major, minor, _, _ = facts.four_numbers()
    return {
        "NAME": project.NAME,
        "DISPLAY_NAME": DISPLAY_NAME,
        "SUMMARY": project.SUMMARY,
        "AUTHORS": project.AUTHORS,
        "HOMEPAGE": project.homepage(),
        "URL_SCHEME": project.URL_SCHEME,
        "VERSION": project.version(),
        "VERSION_MAJOR": str(major),
        "VERSION_MINOR": str(minor),
        "PROGRAM": facts.PROGRAM,
        "HELPER": facts.HELPER,
        "DATA_FOLDER": facts.DATA_FOLDER,
        "CREDENTIALS": facts.CREDENTIALS,
        "OLDEST_BUILD": str(facts.OLDEST_BUILD),
    }


def _version_strings(file_name: str) -> str:
    strings = facts.version_strings(f"{DISPLAY_NAME} installer", file_name)
    lines = [f"VIProductVersion {facts.dotted()}", f"VIFileVersion {facts.dotted()}"]
    lines += [f'VIAddVersionKey "{key}" "{_quoted(value)}"' for key, value in strings.items()]
    return "\n".join([*lines, ""])


def _defines(values: Mapping[str, str]) -> str:
    # In single quotes, because the sign command has double quotes in it.
    return "".join(f"!define {name} '{_quoted(value)}'\n" for name, value in values.items())


def _file_macros(program: Path, files: list[str]) -> str:
    """Macros with each file by its name, so that the uninstaller removes no other files."""
    install, remove, folders = list[str](), list[str](), set[PureWindowsPath]()
    before = None
    for name in files:
        path = PureWindowsPath(name)
        if path.parent != before:
            before = path.parent
            install.append(f'  SetOutPath "{_installed(before)}"')
        # NSIS replaces no variables in the source, which is a path of this machine.
        install.append(f'  File "/oname={_quoted(path.name)}" "{program / name}"')
        remove.append(f'  Delete "{_installed(path)}"')
        folders.update(folder for folder in path.parents if folder.parts)
    deepest_first = sorted(folders, key=lambda folder: (-len(folder.parts), folder))
    macros = {
        "INSTALL_FILES": install,
        "REMOVE_FILES": remove,
        "REMOVE_FOLDERS": [f'  RMDir "{_installed(folder)}"' for folder in deepest_first],
    }
    return "".join(
        "\n".join([f"!macro {name}", *lines, "!macroend", ""]) for name, lines in macros.items()
    )


def _installed(path: PureWindowsPath) -> str:
    return "$INSTDIR" if not path.parts else f"$INSTDIR\\{_quoted(str(path))}"


def _quoted(text: str) -> str:
    return text.replace("$", "$$").replace('"', '$\\"').replace("'", "$\\'")


def _write(path: Path, text: str) -> Path:
    # NSIS reads a file as UTF-8 only if it begins with the byte order mark.
    path.write_text(text, "utf-8-sig", newline="\n")
    return path
