"""The notices about damage and losses, for the user."""

from __future__ import annotations

from seam_portal_desktop.texts import _, ngettext


def damaged(saved: int, in_part: int, before: int | None, kept_as: str) -> str:
    """The file was damaged, and `saved` portals of it are in a new one, `in_part` not wholly.

    `before` is how many it had, or None if that isn't known.
    """
    what = [_saved(saved, before)]
    if before is None or before < saved:
        what.append(_("How many there were isn’t known, so some may be missing."))
    elif before > saved:
        what.append(_missing(before - saved))
    if in_part:
        what.append(
            ngettext(
                "{count} of those saved is incomplete, with the status Damaged.",
                "{count} of those saved are incomplete, with the status Damaged.",
                in_part,
            ).format(count=in_part)
        )
    return _(
        "The ledger’s file was damaged. {what} Entries of timelines, attachments and "
        "customers’ names may be missing too. The damaged file is kept as {kept_as} in the same "
        "folder."
    ).format(what=" ".join(what), kept_as=kept_as)


def _saved(saved: int, before: int | None) -> str:
    if saved == 0:
        return _("No portal could be read; an empty ledger was begun.")
    if before is not None and before > saved:
        return ngettext(
            "{count} of {total} portals could be read and is in a new one.",
            "{count} of {total} portals could be read and are in a new one.",
            saved,
        ).format(count=saved, total=before)
    if before == saved == 1:
        return _("Its only portal could be read and is in a new one.")
    if before == saved:
        return ngettext(
            "The {count} portal could be read and is in a new one.",
            "All {count} portals could be read and are in a new one.",
            saved,
        ).format(count=saved)
    return ngettext(
        "{count} portal could be read and is in a new one.",
        "{count} portals could be read and are in a new one.",
        saved,
    ).format(count=saved)


def _missing(number: int) -> str:
    return ngettext(
        "{count} portal is missing from the list; its link may still work.",
        "{count} portals are missing from the list; their links may still work.",
        number,
    ).format(count=number)


def lost(found: int, known: int) -> str:
    """The file is sound, but lacks changes that were saved."""
    how = (
        ngettext(
            "It had {count} portal and has {found}.",
            "It had {count} portals and has {found}.",
            known,
        ).format(count=known, found=found)
        if found < known
        else _("The number of portals is the same, but newer links, marks or entries are missing.")
    )
    return _(
        "The ledger’s file lacks the newest changes. Perhaps an older copy was put in its place, "
        "or a part of it (“-wal”) was deleted. {how} Links that are missing here may still work."
    ).format(how=how)
