"""Every surface in a language that is longer than English, and in one from right to left."""

from __future__ import annotations

import ast
import html
import re
import subprocess
import sys
from pathlib import Path

import pytest

from seam_portal_desktop.domain.request.resources import resource_kinds
from seam_portal_desktop.sandbox.state import WORKSPACE_NAME
from seam_portal_desktop.texts import CATALOG_VARIABLE
from tests.support.drive_translated import IMPORTED, IMPORTED_FILE, OPEN_DIALOGS
from tests.support.processes import start

PROJECT = Path(__file__).parents[3]
SCRIPT = PROJECT / "packaging" / "translations.py"
DEMO = PROJECT / "seam_portal_desktop" / "sandbox" / "demo"

GUIDE = PROJECT / "docs" / "guide"
# Names, keys, fields of Seam, dates in the system's language, and what is the same everywhere.
SAME_EVERYWHERE = re.compile(
    r"Seam Portal Desktop|Python|PySide6|Qt|Chromium|MIT|LGPL"
    r"|Lucide|icons|and|ISC|JSON|SMS|HTML"
    r"|American English|Español de España|Português europeu"
    r"|Deutsch|English|Español|Français|Italiano|Nederlands|Polski|Português"
    r"|(?:Ctrl|Shift|Alt|Meta)\+\S+|Del\b|\bF\d+|(?:[a-z]+_)+[a-z]+(?:\.[a-z_]+)*"
    r"|[0-9a-f]{8}-[0-9a-f-]{27}|127\.0\.0\.1\S*|</?\w+>|/\S+"
    r"|Return|Space|Home|End|[A-Z][a-z ]*[a-z](?: › (?:[A-Z][a-z ]*[a-z]|\d+))+"
    r"|\w+day, \w+ \d+, \d+|[AP]M|Coordinated Universal Time|UTC"
)


def outside(text: str) -> str:
    """What is outside of the marks of a pseudo-translation. Marks may be inside others."""
    depth, found = 0, []
    for letter in text:
        depth += letter == "⟦"
        if not depth:
            found.append(letter)
        depth -= letter == "⟧"
    return "".join(found)


def demo_texts() -> set[str]:
    """The customers, notes and errors of the demo."""
    paths = [*DEMO.rglob("*.py"), PROJECT / "seam_portal_desktop" / "bootstrap" / "demo.py"]
    return {
        node.value
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and re.search(r"\w[ -]\w", str(node.value))
    }


def guide_titles() -> list[str]:
    """The guide is in English, and so are the titles in its list of contents."""
    pages = (page.read_text("utf-8") for page in GUIDE.glob("*.md"))
    return [line.lstrip("# ") for page in pages for line in page.splitlines() if line[:1] == "#"]


def untranslated(texts: list[str], user: str) -> list[str]:
    known = [*demo_texts(), *(kind.name for kind in resource_kinds()), *guide_titles()]
    known += [user, "demo", WORKSPACE_NAME, IMPORTED_FILE, *re.findall(r"[a-z_]{3,}", IMPORTED)]
    known.sort(key=len, reverse=True)
    found = []
    for text in texts:
        rest = html.unescape(outside(text)).replace("&&", "&").replace("\u200b", "")
        for each in known:
            rest = rest.replace(each, "")
        if re.search(r"[A-Za-z]{2,}", SAME_EVERYWHERE.sub("", rest)):
            found.append(text)
    return found


@pytest.mark.parametrize("kind", ["pseudo", "pseudo-rtl"])
def test_every_surface_is_translated(tmp_path, kind):
    catalog = tmp_path / "pseudo.mo"
    subprocess.run([sys.executable, SCRIPT, kind, catalog], check=True)
    variables = {CATALOG_VARIABLE: str(catalog), "LANG": "C", "TZ": "UTC", "LOGNAME": "kim"}
    arguments = ("open_everything", "--demo", "--data-dir", tmp_path / "data")
    with start("tests.support.drive_translated", *arguments, home=tmp_path, **variables) as program:
        ended = program.wait_for_exit(within=180)  # it opens about 40 surfaces
    assert (ended.code, ended.messages("failed")) == (0, [])
    surfaces = {each["name"]: each["texts"] for each in ended.messages("surface")}
    assert surfaces.keys() >= OPEN_DIALOGS
    texts = list(dict.fromkeys(text for shown in surfaces.values() for text in shown))
    assert untranslated(texts, "kim") == []
    assert ended.err == ""
