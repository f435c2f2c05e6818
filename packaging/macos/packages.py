"""The package for macOS: a disk image for the processor of this Mac."""

from __future__ import annotations

import contextlib
import platform
import shutil
from pathlib import Path

from common import project
from common.freeze import freeze
from common.project import DISPLAY_NAME, NAME
from common.run import run
from macos import bundle, codesign, keychain, notary

_SETTINGS = Path(__file__).parent / "dmg_settings.py"


def make(python: Path, work: Path, out: Path, *, quick: bool) -> list[Path]:
    """Build it in `out`. With `quick` it is larger."""
    tree = freeze(
        python,
        work,
        "macos",
        finish=lambda tree: bundle.finish(tree.parent / bundle.APP),
        finish_source=Path(__file__).parent,
    )
    return [package(python, tree.parent / bundle.APP, work, out, quick=quick)]


def package(python: Path, frozen: Path, work: Path, out: Path, *, quick: bool) -> Path:
    """The disk image of the frozen app, which is not changed.

    With a certificate in the environment, the app and the image are signed with it; without one,
    only for this computer. With a notary key both are notarised.
    """
    app = work / "macos" / bundle.APP
    shutil.rmtree(app.parent, ignore_errors=True)
    shutil.copytree(frozen, app, symlinks=True)
    image = out / image_name()
    with contextlib.ExitStack() as stack:
        identity, chain = codesign.AD_HOC, None
        if keychain.has_certificate():
            signer = stack.enter_context(keychain.signer())
            identity, chain = signer.identity, signer.keychain
        print("Signing the program …", flush=True)
        codesign.sign(app, identity, keychain=chain)
        if notary.has_key():
            print("Waiting for Apple to check the program …", flush=True)
            notary.notarise(app)
        print("Making the disk image …", flush=True)
        _make_image(python, app, image, quick=quick)
        if chain is not None:
            codesign.sign_image(image, identity, keychain=chain)
        if notary.has_key():
            notary.notarise(image)
    return image


def image_name() -> str:
    return f"{NAME}-{project.version()}-macos-{platform.machine()}.dmg"


def _make_image(python: Path, app: Path, image: Path, *, quick: bool) -> None:
    defines = {"app": str(app), "quick": "yes" if quick else "no", "icon": bundle.ICON}
    arguments = [part for key, value in defines.items() for part in ("-D", f"{key}={value}")]
    run([python, "-m", "dmgbuild", "-s", _SETTINGS, *arguments, DISPLAY_NAME, image])
