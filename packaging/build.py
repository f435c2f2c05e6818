"""Build the installers of this system: `python3 packaging/build.py`.

Standard library only. The result is in dist/: the packages, SHA256SUMS, a bill of materials
(CycloneDX), the third-party licences, and signatures if the environment has a key.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
from pathlib import Path

from common import project, signing
from common.environment import make_environment
from common.freeze import LICENCES
from common.project import ROOT, BuildError
from common.run import run

# sys.platform -> the module whose make() builds its installers.
_MAKERS = {"linux": "linux.packages", "win32": "windows.packages", "darwin": "macos.packages"}

_ENVIRONMENT = f"""\
Environment variables:
  SEAM_PORTAL_DESKTOP_HOMEPAGE  where the program is published; set on GitHub's runners
  SEAM_PORTAL_DESKTOP_CONTACT   the packages' maintainers' e-mail address
  {signing.KEY}, {signing.PASSPHRASE}
                                an armoured OpenPGP key, which signs every file
  SOURCE_DATE_EPOCH             the date in all archives; by default the last commit's
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        description="Build the installers of this system, with checksums, a bill of materials and "
        "the licences.",
        epilog=_ENVIRONMENT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="the target folder (dist/)")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build", help="the folder for temporary files (build/)"
    )
    parser.add_argument("--quick", action="store_true", help="compress less: larger, but faster")
    options = parser.parse_args(arguments)
    try:
        for path in build(options.out.absolute(), options.work.absolute(), quick=options.quick):
            print(f"  {path.stat().st_size / 1e6:8.1f} MB  {path.name}")
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    return 0


def build(out: Path, work: Path, *, quick: bool) -> list[Path]:
    """Build all files in `out` and return them. The folder is emptied first."""
    if sys.version_info < (3, 11):  # noqa: UP036 - any python3 may start this file
        raise BuildError("Python 3.11 or newer is needed.")
    project.releases()
    python = make_environment()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    made = importlib.import_module(_MAKERS[sys.platform]).make(python, work, out, quick=quick)
    stem = f"{project.NAME}-{project.version()}"
    sbom = out / f"{stem}.cdx.json"
    script = ROOT / "packaging" / "common" / "sbom.py"
    sbom.write_text(run([python, script, project.NAME, project.version()]), "utf-8", newline="\n")
    licences = out / f"{stem}-{LICENCES}"
    shutil.copyfile(work / LICENCES, licences)
    if not project.homepage():
        print("No homepage is set: the packages have no homepage and no screenshots.")
    return [*made, sbom, licences, *signing.write_all(out)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
