"""Faults and rules as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from seam_portal_desktop.sandbox.errors import ApiError, invalid_input
from seam_portal_desktop.sandbox.mail.faults import (
    MAX_MAIL_SIZE,
    MailFault,
    MailFaults,
    MailRules,
    SmtpPhase,
)
from seam_portal_desktop.sandbox.validation import Validator

_MAX_SECONDS = 3600
_BOOLEAN = {"type": "boolean"}
_COUNT_OR_NONE = {"type": ["integer", "null"], "minimum": 1, "maximum": 1_000_000}
_SECONDS = {"type": "number", "minimum": 0, "maximum": _MAX_SECONDS}

_FAULT = {
    "type": "object",
    "required": ["phase"],
    "additionalProperties": False,
    "properties": {
        "phase": {"type": "string", "enum": [phase.value for phase in SmtpPhase]},
        "code": {"type": ["integer", "null"], "minimum": 200, "maximum": 599},
        "text": {"type": "string", "maxLength": 2000},
        "delay": _SECONDS,
        "drop": _BOOLEAN,
        "after_effect": _BOOLEAN,
        "address": {"type": ["string", "null"], "minLength": 1, "maxLength": 254},
        "count": _COUNT_OR_NONE,
    },
}
_VALIDATOR = Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "faults": {"type": "array", "items": _FAULT},
            "starttls": _BOOLEAN,
            "smtputf8": _BOOLEAN,
            "size": {"type": ["integer", "null"], "minimum": 1, "maximum": MAX_MAIL_SIZE},
            "auth": {
                "type": "array",
                "items": {"type": "string", "enum": list(MailRules().auth)},
            },
            "auth_required": _BOOLEAN,
            "tokens": {"type": "array", "items": {"type": "string", "minLength": 1}},
            "connections": _COUNT_OR_NONE,
            "mails_per_connection": _COUNT_OR_NONE,
            "mails_per_minute": _COUNT_OR_NONE,
            "greylist": _SECONDS,
            "idle": {"type": "number", "exclusiveMinimum": 0, "maximum": _MAX_SECONDS},
        },
    }
)


def apply_json(body: object, faults: MailFaults) -> None:
    """Add the faults of `body` and change the rules that it names; all of it or nothing.

    `body` is one fault, a list of faults, or an object with rules and a list ``faults``. Raises
    ApiError (400) that names the field which is wrong.
    """
    if isinstance(body, list):
        body = {"faults": body}
    elif isinstance(body, dict) and "phase" in body:
        body = {"faults": [body]}
    if problems := _VALIDATOR.problems(body):
        raise invalid_input(problems)
    assert isinstance(body, dict)  # noqa: S101 - the schema says so
    try:
        added = [_fault(each) for each in body.get("faults", ())]
    except ValueError as error:
        raise ApiError(400, "invalid_input", str(error)) from None
    changes = {name: value for name, value in body.items() if name != "faults"}
    for name in ("auth", "tokens"):
        if name in changes:
            changes[name] = tuple(changes[name])
    faults.change_rules(**changes)
    faults.add(*added)


def to_json(faults: MailFaults) -> dict[str, Any]:
    """The faults that will still happen, and the present rules."""
    pending = [asdict(fault) | {"phase": fault.phase.value} for fault in faults.pending()]
    rules = faults.rules
    return {"faults": pending} | {each.name: getattr(rules, each.name) for each in fields(rules)}


def _fault(given: Mapping[str, Any]) -> MailFault:
    return MailFault(**dict(given) | {"phase": SmtpPhase(given["phase"])})
