"""Text from a page or a server, cut so that our own widgets can show it. No Qt in here."""

from __future__ import annotations

_LINE = 60


def shown_text(text: object, most: int = _LINE) -> str:
    """One line of `text`: its printable characters, `most` at most.

    Control characters and those that change the direction of writing are left out, white space
    becomes a space. A list of texts is joined by commas. Long texts cost no more than short ones:
    showing one of a megabyte takes a label or a tooltip some seconds.
    """
    joined = ", ".join(map(str, text[:most])) if isinstance(text, list) else str(text)
    beginning = joined[: 4 * most]
    is_cut = len(joined) > len(beginning)
    words = "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "" for letter in beginning
    )
    line = " ".join(words.split())
    if len(line) <= most and not is_cut:
        return line
    return f"{line[: most - 1]}…"
