"""The third-party packages that the program runs with. Runs in the build's environment."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path

_LOCK = Path(__file__).resolve().parents[1] / "requirements.txt"

# The frozen program starts with PyInstaller's loader.
_BUILD_PACKAGES = {"pyinstaller"}


def shipped_distributions() -> list[Distribution]:
    """The packages of the run-time lock file that this system installs, sorted by name."""
    names = re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==", _LOCK.read_text("utf-8"), re.MULTILINE)
    wanted = {normal(name) for name in names} | _BUILD_PACKAGES
    found = {normal(one.metadata["Name"]): one for one in distributions()}
    return [found[name] for name in sorted(wanted & found.keys())]


def normal(name: str) -> str:
    """A package's normalised name, as the package index has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(distribution: Distribution) -> str:
    """The licence's name in the package's metadata: an SPDX expression, or words."""
    metadata = distribution.metadata
    for field in ("License-Expression", "License"):
        value = (metadata.get(field) or "").strip()
        if value and "\n" not in value:
            return value.removesuffix(" License")
    classifiers = metadata.get_all("Classifier") or []
    names = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    return ", ".join(names).removesuffix(" License") or "see the text below"
