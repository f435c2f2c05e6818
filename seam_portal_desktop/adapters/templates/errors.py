"""What is wrong with a template, in words."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.domain.message.rendering.names import FILTERS, NAMES, OWN, top_names
from seam_portal_desktop.domain.message.template import TemplateError, TemplatePart
from seam_portal_desktop.texts import _


def template_error(
    part: TemplatePart, answer: Mapping[str, Any], values: Mapping[str, Any]
) -> TemplateError:
    """The error for a failed answer of the worker. It quotes names of the template, no values."""
    line = answer.get("line")
    line = line if isinstance(line, int) else None
    kind, name = str(answer.get("error")), str(answer.get("name", ""))
    technical = name if kind == "syntax" else ""
    return TemplateError(
        _title(part, line),
        _reason(kind, name, values),
        technical=technical,
        can_retry=kind == "start",
        part=part,
        line=line,
    )


def _title(part: TemplatePart, line: int | None) -> str:
    if line is None:
        return {
            TemplatePart.SUBJECT: _("The template’s subject can’t be used"),
            TemplatePart.TEXT: _("The template’s text can’t be used"),
            TemplatePart.HTML: _("The template’s HTML can’t be used"),
            TemplatePart.SMS: _("The template’s SMS can’t be used"),
        }[part]
    return {
        TemplatePart.SUBJECT: _("Line {line} of the template’s subject can’t be used"),
        TemplatePart.TEXT: _("Line {line} of the template’s text can’t be used"),
        TemplatePart.HTML: _("Line {line} of the template’s HTML can’t be used"),
        TemplatePart.SMS: _("Line {line} of the template’s SMS can’t be used"),
    }[part].format(line=line)


def _reason(kind: str, name: str, values: Mapping[str, Any]) -> str:
    match kind:
        case "unknown_name":
            return _unknown_name(name)
        case "unknown_member":
            return _unknown_field(name, values)
        case "unknown_filter":
            return _("There is no filter named “{name}”. These can be used: {filters}.").format(
                name=name, filters=", ".join(FILTERS)
            )
    return {
        "syntax": _("It isn’t complete, or has a sign too many. Check its braces and tags."),
        "security": _("A template may use the values that it gets, and not what is behind them."),
        "forbidden": _(
            "A template can’t use other templates, and can’t switch off the protection of HTML."
        ),
        "link_in_subject": _(
            "The link opens the customer’s portal for everybody who has it. It can’t be in the "
            "subject, which is shown in lists and notifications."
        ),
        "empty_subject": _("Nothing is left of it with these values. Write a subject."),
        "no_text": _(
            "This is no text. Join a list, such as {example}, or write one of its values."
        ).format(example="{{ features | join(', ') }}"),
        "time": _("It takes too long, so it was stopped. Look for a loop that never ends."),
        "crash": _("It made the program’s part for templates fail. Simplify it."),
        "start": _(
            "The program’s part for templates could not be started. Try again; if it stays like "
            "this, look whether a virus scanner blocks this program."
        ),
        "memory": _("It needs too much memory, so it was stopped."),
        "size": _("It gets too long. A message may have 1,000,000 characters."),
        "recursion": _("Its loops, brackets or macros are too deep in each other."),
    }.get(kind, _("It can’t be computed with these values."))


def _unknown_name(name: str) -> str:
    close = difflib.get_close_matches(name, [*top_names(), *NAMES], n=1)
    if close:
        return _("There is no value named “{name}”. Did you mean “{match}”?").format(
            name=name, match=close[0]
        )
    return _("There is no value named “{name}”. These can be used: {names}.").format(
        name=name, names=", ".join(NAMES)
    )


def _unknown_field(name: str, values: Mapping[str, Any]) -> str:
    own = sorted(values.get(OWN, ()))
    close = difflib.get_close_matches(name, own, n=1)
    if close:
        return _("There is no field named “{name}”. Did you mean “{match}”?").format(
            name=name, match=close[0]
        )
    if own:
        return _("There is no field named “{name}”. Your own fields are: {names}.").format(
            name=name, names=", ".join(own)
        )
    return _("There is no field named “{name}”. The sender has no fields of your own.").format(
        name=name
    )
