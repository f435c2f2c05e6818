"""The notices about damage and losses, for the user."""

from __future__ import annotations


def damaged(saved: int, in_part: int, before: int | None, kept_as: str) -> str:
    """The file was damaged, and `saved` portals of it are in a new one, `in_part` not wholly.

    `before` is how many it had, or None if that isn't known.
    """
    what = [_saved(saved, before)]
    if before is None or before < saved:
        what.append("How many there were isn’t known, so some may be missing.")
    elif before > saved:
        what.append(_missing(before - saved))
    if in_part:
        what.append(
            f"{in_part} of those saved {_are(in_part)} incomplete, with the status Damaged."
        )
    return (
        f"The ledger’s file was damaged. {' '.join(what)} Entries of timelines, attachments and "
        f"customers’ names may be missing too. The damaged file is kept as {kept_as} in the same "
        "folder."
    )


def _saved(saved: int, before: int | None) -> str:
    if saved == 0:
        return "No portal could be read; an empty ledger was begun."
    if before is not None and before > saved:
        return f"{saved} of {_portals(before)} could be read and {_are(saved)} in a new one."
    if before == saved == 1:
        return "Its only portal could be read and is in a new one."
    every = "All " if before == saved else ""
    return f"{every}{_portals(saved)} could be read and {_are(saved)} in a new one."


def _missing(number: int) -> str:
    if number == 1:
        return "1 portal is missing from the list; its link may still work."
    return f"{number} portals are missing from the list; their links may still work."


def lost(found: int, known: int) -> str:
    """The file is sound, but lacks changes that were saved."""
    how = (
        f"It had {_portals(known)} and has {found}."
        if found < known
        else "The number of portals is the same, but newer links, marks or entries are missing."
    )
    return (
        "The ledger’s file lacks the newest changes. Perhaps an older copy was put in its place, "
        f"or a part of it (“-wal”) was deleted. {how} Links that are missing here may still work."
    )


def _portals(number: int) -> str:
    return "1 portal" if number == 1 else f"{number} portals"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
