"""The arguments of the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

RENDER_TEMPLATES = "--render-templates"
"""Alone: run as the process that renders templates of messages. Only the program itself uses it."""

_SCHEME = "seam-portals:"
_PORTAL = f"{_SCHEME}//portal/"
_NEW = f"{_SCHEME}//new?"
_LONGEST_ADDRESS = 4096
_LONGEST_VALUES = {"customer_key": 300, "preset": 100, "to": 254}


class OpenedAddress(NamedTuple):
    """What an address of the program's own scheme asks for.

    With a `portal_id` that portal is shown; such a portal may not exist. Else the New portal dialog
    is opened with the others: `preset`, a name, and `to`, an e-mail address, may be empty.
    They may come from any web page or program.
    """

    portal_id: str = ""
    customer_key: str = ""
    preset: str = ""
    to: str = ""


class Options(NamedTuple):
    """The parsed arguments. `address` is one that `parse_address` understands."""

    demo: bool = False
    data_dir: Path | None = None
    self_test: bool = False
    report: Path | None = None
    screenshot: Path | None = None
    software_rendering: bool = False
    address: str | None = None


def parse_arguments(arguments: Sequence[str]) -> Options:
    """Exits with code 2 and a usage line for a wrong argument."""
    if not arguments:
        return Options()
    import argparse

    from seam_portal_desktop import __version__

    parser = argparse.ArgumentParser(
        prog="seam-portal-desktop",
        description="Create, preview, send and keep track of Seam Customer Portal links.",
        allow_abbrev=False,
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--demo",
        action="store_true",
        help="open with a built-in stand-in for Seam and made-up customers",
    )
    mode.add_argument(
        "--self-test",
        action="store_true",
        help="do the main job once by itself against the built-in stand-in, then exit 0 or 1",
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="keep everything but secrets under DIR instead of the user's own data directory",
    )
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="with --self-test: write the JSON report there"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="with --self-test: save the window as PNG"
    )
    parser.add_argument(
        "--software-rendering",
        action="store_true",
        help="draw without the graphics card, where the preview stays black or crashes",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument(
        "address",
        nargs="?",
        metavar="URL",
        help=f"raise the window, and select a portal ({_PORTAL}PORTAL_ID) or start a new one "
        f"({_NEW}customer_key=KEY&preset=NAME&to=ADDRESS)",
    )
    options = parser.parse_args(arguments)
    if options.address is not None:
        if not options.address.lower().startswith(_SCHEME):
            parser.error(f"unrecognized arguments: {options.address}")
        if parse_address(options.address) is None:
            options.address = None
    if (options.report or options.screenshot) and not options.self_test:
        parser.error("--report and --screenshot go with --self-test")
    return Options(**vars(options))


def parse_address(address: str) -> OpenedAddress | None:
    """What the address asks for; None if it is none of ours, or asks for something else."""
    if len(address) > _LONGEST_ADDRESS:
        return None
    if address.lower().startswith(_PORTAL):
        return _portal(address[len(_PORTAL) :].rstrip("/"))
    if address.lower().startswith(_NEW):
        return _new(address[len(_NEW) :])
    return None


def _portal(portal_id: str) -> OpenedAddress | None:
    import uuid

    try:
        return OpenedAddress(portal_id=str(uuid.UUID(portal_id)))
    except ValueError:
        return None


def _new(query: str) -> OpenedAddress | None:
    """Each value is one line of printable text, and is given once."""
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(
            query, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=3
        )
    except ValueError:
        return None
    values = {name: value.strip() for name, value in pairs}
    if len(values) < len(pairs) or not values.keys() <= _LONGEST_VALUES.keys():
        return None
    if not values.get("customer_key"):
        return None
    if any(
        len(value) > _LONGEST_VALUES[name] or not all(each.isprintable() for each in value)
        for name, value in values.items()
    ):
        return None
    return OpenedAddress(**values)
