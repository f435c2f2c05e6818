"""Text from a page or a server, cut so that our own widgets can show it. No Qt in here."""

from __future__ import annotations

_LINE = 60


def shown_text(text: str, most: int = _LINE) -> str:
    """One line of `text`: its printable characters, `most` at most.

    Control characters and those that change the direction of writing are left out, white space
    becomes a space. Only the beginning of a long text is read. Without the cut, a text of a
    megabyte keeps a label or tooltip busy for seconds.
    """
    beginning = text[: 4 * most]
    is_cut = len(text) > len(beginning)
    words = "".join(
        letter if letter.isprintable() else " " if letter.isspace() else "" for letter in beginning
    )
    line = " ".join(words.split())
    if len(line) <= most and not is_cut:
        return line
    return f"{line[: most - 1]}…"
