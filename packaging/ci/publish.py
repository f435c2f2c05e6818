"""Publish the files of the build machines as a draft release: `publish.py FOLDER TAG`.

FOLDER has a folder for each machine, with its name and the files of its dist/. The files are
checked against the machine's checksums and get one common list of checksums. With an OpenPGP key
in the environment (common/signing.py) they are signed. GitHub's `gh` makes the draft with the
token in GH_TOKEN; a person publishes it.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from common import project, signing
from common.project import DISPLAY_NAME, NAME, BuildError
from common.run import run


def gather(machines: Path, out: Path) -> list[Path]:
    """Copy all files to `out`. BuildError if one doesn't match its machine's checksum."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    folders = sorted(path for path in machines.iterdir() if path.is_dir())
    if not folders:
        raise BuildError(f"{machines} is empty.")
    gathered = []
    for folder in folders:
        for name, digest in _checksums(folder).items():
            with (folder / name).open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                    raise BuildError(f"{folder.name}/{name} is not what was built.")
            target = out / _published_name(name, folder.name)
            if target.exists():
                raise BuildError(f"{target.name} was made by more than one machine.")
            shutil.copyfile(folder / name, target)
            gathered.append(target)
    return gathered


def _checksums(folder: Path) -> dict[str, str]:
    lines = (folder / signing.CHECKSUMS).read_text("utf-8").splitlines()
    pairs = (line.split("  ", 1) for line in lines)
    return {name: digest for digest, name in pairs}


def _published_name(name: str, machine: str) -> str:
    """`name`, with `machine` in it if the file describes one machine's build, such as its SBOM."""
    stem = f"{NAME}-{project.version()}"
    describes = name.endswith((".cdx.json", ".txt"))
    return name.replace(stem, f"{stem}-{machine}", 1) if describes else name


def main(machines: Path, tag: str) -> None:
    files = gather(machines, machines.parent / "release")
    checksums = signing.write_checksums(files)
    files = [*files, checksums, *signing.sign([*files, checksums])]
    notes = "\n".join(f"- {point}" for point in project.releases()[0].points)
    title = f"{DISPLAY_NAME} {project.version()}"
    create = ["gh", "release", "create", tag, "--draft", "--verify-tag", "--title", title]
    run([*create, "--notes", notes, *files])
    for path in files:
        print(f"  {path.name}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]).absolute(), sys.argv[2])
    except BuildError as error:
        sys.exit(f"publish.py: {error}")
