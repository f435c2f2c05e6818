"""Print the licences of all parts of the frozen program.

Runs in the build's environment: `python packaging/common/licences.py`.
"""

from __future__ import annotations

import sys
import sysconfig
from importlib.metadata import Distribution
from pathlib import Path

from locked import licence_of, shipped_distributions

_TEXTS = Path(__file__).parent / "licences"
_ROOT = Path(__file__).resolve().parents[2]
_RULE = "=" * 78
_INTRODUCTION = """\
Seam Portal Desktop is published under the MIT licence. It contains the works of others,
which are listed here with their licences.

Qt and PySide6 are used under the GNU Lesser General Public License, version 3. They are
separate files in the program's directory and may be replaced by versions of your own. Their
source code is published at https://download.qt.io/official_releases/ and
https://download.qt.io/official_releases/QtForPython/. Qt WebEngine contains Chromium; what
that contains in turn is listed at https://doc.qt.io/qt-6/qtwebengine-licensing.html.
"""


def main() -> None:
    sections = [(f"Python {sys.version.split()[0]} (PSF-2.0)", _python())]
    sections += [_section(one) for one in shipped_distributions()]
    sections.append(("Lucide icons (ISC)", (_ROOT / "resources/icons/LICENSE").read_text("utf-8")))
    for name in ("LGPL-3.0", "GPL-3.0"):
        sections.append((f"The text of {name}", (_TEXTS / f"{name}.txt").read_text("utf-8")))
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    print(_INTRODUCTION)
    for title, text in sections:
        print(f"{_RULE}\n{title}\n{_RULE}\n\n{text.strip()}\n")


def _section(distribution: Distribution) -> tuple[str, str]:
    name, licence = distribution.metadata["Name"], licence_of(distribution)
    texts = [
        Path(str(distribution.locate_file(file))).read_text("utf-8")
        for file in sorted(distribution.files or [], key=str)
        if ".dist-info" in str(file) and _is_licence(file.name)
    ]
    if not texts and "LGPL-3.0" not in licence:
        raise SystemExit(f"{name} brings no licence text.")
    text = "\n\n".join(texts) or "Used under LGPL-3.0-only; its text is at the end."
    return f"{name} {distribution.version} ({licence})", text


def _is_licence(name: str) -> bool:
    return name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS"))


def _python() -> str:
    # Debian's Python has its licence under /usr/share/doc instead.
    places = [
        Path(sysconfig.get_path("stdlib")) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path("/usr/share/doc/python3") / "copyright",
    ]
    for place in places:
        if place.exists():
            return place.read_text("utf-8")
    raise SystemExit("This Python brings no licence text.")


main()
