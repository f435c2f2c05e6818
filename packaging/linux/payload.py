"""The tree below /usr that all packages share: program, menu entry, icons, manual."""

from __future__ import annotations

import gzip
import os
import shutil
from html import escape
from pathlib import Path

from common import project
from common.project import DISPLAY_NAME, NAME, ROOT, SUMMARY

FILES = Path(__file__).parent / "files"
# The pictures of resources/screenshots/ with their captions.
SCREENSHOTS = (
    ("main-light", "A portal link in the list, and the page that its customer will see"),
    ("main-dark", "The same in the dark"),
    ("new-portal-light", "A new portal for a customer"),
)


def assemble(frozen: Path, usr: Path) -> None:
    """Write the tree to `usr`."""
    shutil.copytree(frozen, usr / "lib" / NAME, symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin" / NAME).symlink_to(f"../lib/{NAME}/{NAME}")
    _write(usr / "share/applications" / f"{NAME}.desktop", filled(f"{NAME}.desktop"))
    _write(usr / "share/metainfo" / f"{project.app_id()}.metainfo.xml", metainfo())
    _write_gzip(usr / "share/man/man1" / f"{NAME}.1.gz", filled(f"{NAME}.1"))
    icons = usr / "share/icons/hicolor"
    for picture in sorted((ROOT / "resources/app-icon").glob("*.png")):
        size = picture.stem
        _copy(picture, icons / f"{size}x{size}/apps/{NAME}.png")
    _copy(ROOT / "resources/app-icon.svg", icons / f"scalable/apps/{NAME}.svg")


def mark(usr: Path, installed_by: str) -> None:
    """Write the file from which the program reads who installed it: `package` or `tarball`.

    Updates of a `package` are left to the system's package manager.
    """
    (usr / "lib" / NAME / "installed-by").write_text(f"{installed_by}\n", "ascii")


def normalise(tree: Path) -> None:
    """Set all modes and dates, so that they are the same in every build."""
    moment = project.source_date_epoch()
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            # In wheels, libraries are executable as well.
            runs = path.stat().st_mode & 0o100 and ".so" not in path.name
            path.chmod(0o755 if runs or path.is_dir() else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)


def filled(name: str, **more: str) -> str:
    """The template linux/files/`name` with the project's facts filled in."""
    facts = {
        "NAME": NAME,
        "DISPLAY_NAME": DISPLAY_NAME,
        "SUMMARY": SUMMARY,
        "AUTHORS": project.AUTHORS,
        "URL_SCHEME": project.URL_SCHEME,
        "VERSION": project.version(),
        "DATE": f"{project.build_date():%Y-%m-%d}",
        "YEAR": f"{project.build_date():%Y}",
    }
    text = (FILES / name).read_text("utf-8")
    for key, value in (facts | more).items():
        text = text.replace(f"@{key}@", value)
    return text


def metainfo() -> str:
    """The AppStream component."""
    paragraphs = [f"    <p>{escape(text)}</p>" for text in project.DESCRIPTION]
    url = f'  <url type="homepage">{escape(project.homepage())}</url>\n'
    return filled(
        "metainfo.xml",
        APP_ID=project.app_id(),
        DESCRIPTION="\n".join(paragraphs),
        HOMEPAGE=url if project.homepage() else "",
        SCREENSHOTS=_screenshots(),
        RELEASES="\n".join(_release(release) for release in project.releases()),
    )


def _screenshots() -> str:
    """The pictures, which software centres load from the web; empty without a URL."""
    if not project.screenshots_url():
        return ""
    kinds = [' type="default"', *[""] * len(SCREENSHOTS)]
    pictures = [
        f"    <screenshot{kind}>\n"
        f"      <caption>{escape(caption)}</caption>\n"
        f"      <image>{escape(project.screenshots_url())}/{name}.png</image>\n"
        f"    </screenshot>\n"
        for kind, (name, caption) in zip(kinds, SCREENSHOTS, strict=False)
    ]
    return f"  <screenshots>\n{''.join(pictures)}  </screenshots>\n"


def _release(release: project.Release) -> str:
    date = release.date or project.build_date().date()
    points = "".join(f"<li>{escape(point.replace('`', ''))}</li>" for point in release.points)
    return (
        f'    <release version="{release.version}" date="{date}">\n'
        f"      <description><ul>{points}</ul></description>\n"
        f"    </release>"
    )


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _write_gzip(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
