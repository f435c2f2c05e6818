"""The notices about damage and losses, for the user."""

from __future__ import annotations

from seam_portal_desktop.adapters.ledger.damage.last_known import Known


def damaged(saved: int, in_part: int, known: Known | None, kept_as: str) -> str:
    """The file was damaged, and `saved` portals of it are in a new one, `in_part` not wholly."""
    before = known.portals if known is not None and known.portals >= saved else None
    if before is None:
        what = f"{_portals(saved)} could be read and {_are(saved)} in a new one. How many there "
        what += "were isn’t known, so some may be missing."
    elif before == saved:
        what = f"All {_portals(saved)} could be read and are in a new one."
        what = what.replace("All 1 portal could be read and are", "Its 1 portal is")
    else:
        what = f"{saved} of {_portals(before)} could be read and {_are(saved)} in a new one. "
        missing = before - saved
        what += f"{_portals(missing)} {_are(missing)} missing from the list; their links may live."
    if in_part:
        what += f" {in_part} of those saved {_are(in_part)} incomplete, with the status Damaged."
    return (
        f"The ledger’s file was damaged. {what} Entries of timelines and evidence may be missing "
        f"too. The damaged file is kept as {kept_as} in the same folder."
    )


def lost(found: int, known: int) -> str:
    """The file is sound, but lacks changes that were saved."""
    how = (
        f"It had {_portals(known)} and has {found}."
        if found < known
        else "The number of portals is the same, but newer links, marks or entries are missing."
    )
    return (
        "The ledger’s file lacks the newest changes. Perhaps an older copy was put in its place, "
        f"or a part of it (“-wal”) was deleted. {how} Links that are missing here may still live."
    )


def _portals(number: int) -> str:
    return "1 portal" if number == 1 else f"{number} portals"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
