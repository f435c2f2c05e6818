"""The relocatable tarball: the .deb's tree, which runs from any folder, and an install script."""

from __future__ import annotations

import platform
import shutil
from pathlib import Path

from common import project
from common.project import NAME
from common.run import run
from linux import payload


def build(frozen: Path, work: Path, out: Path, *, level: int) -> Path:
    """The tarball of the frozen tree. `level` is xz's: 0 is quick, 6 is small."""
    name = f"{NAME}-{project.version()}-linux-{platform.machine()}"
    root = work / "tarball" / name
    shutil.rmtree(root.parent, ignore_errors=True)
    payload.assemble(frozen, root)
    payload.mark(root, "tarball")
    for script in ("install.sh", "uninstall.sh"):
        shutil.copyfile(payload.FILES / script, root / script)
        (root / script).chmod(0o755)
    shutil.copyfile(project.ROOT / "LICENSE", root / "LICENSE")
    payload.normalise(root)
    package = out / f"{name}.tar.xz"
    run(
        [
            "tar",
            "--create",
            f"--file={package}",
            f"--directory={root.parent}",
            "--sort=name",
            "--owner=0",
            "--group=0",
            "--numeric-owner",
            "--format=posix",
            "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime",
            # With a fixed block size the result is the same for every number of threads.
            f"--use-compress-program=xz -{level} --threads=0 --block-size=24MiB",
            name,
        ]
    )
    return package
