"""The customer's staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.sandbox.portal_page.context import Context
from seam_portal_desktop.sandbox.portal_page.controls import (
    action_button,
    empty_state,
    field,
    form_dialog,
    opener,
    view_head,
)
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, join, user_text
from seam_portal_desktop.sandbox.portal_page.places import place_refs

ADD_STAFF = "add-staff"
_SHOWN = 3


def render_staff(context: Context) -> Html:
    text = context.messages.text
    buttons = []
    if context.can_act:
        buttons.append(
            opener(
                text("action.add_staff"),
                ADD_STAFF,
                element_id="open-add-staff",
                picture="user-plus",
                style="primary",
            )
        )
    head = view_head(text("nav.staff"), text("staff.lead"), buttons)
    if not context.staff:
        return join([head, empty_state("users", text("staff.empty"))])
    return h(
        '{head}<ul class="rows card">{rows}</ul>',
        head=head,
        rows=[_row(context, member) for member in context.staff],
    )


def add_staff_dialog(context: Context) -> Html:
    text = context.messages.text
    optional = text("field.optional")
    return form_dialog(
        context,
        ADD_STAFF,
        "add_staff",
        title=text("action.add_staff"),
        fields=[
            field(text("field.name"), "name"),
            field(
                text("field.email"),
                "email_address",
                kind="email",
                optional=optional,
                required=False,
            ),
            field(
                text("field.phone"), "phone_number", kind="tel", optional=optional, required=False
            ),
        ],
        submit=text("action.save"),
    )


def _row(context: Context, member: Mapping[str, Any]) -> Html:
    text = context.messages.text
    key = str(member.get("staff_member_key") or "")
    name = str(member.get("name") or key)
    contact = [user_text(member[k]) for k in ("email_address", "phone_number") if member.get(k)]
    remove = None
    if context.can_act and key:
        remove = action_button(
            text("action.remove"),
            {"action": "remove_staff", "staff_member_key": key},
            element_id=f"remove-{key}",
            picture="trash-2",
            confirm={
                "title": text("staff.confirm_title", name=name),
                "body": text("stay.confirm_body", name=name),
                "ok": text("action.remove"),
                "cancel": text("action.cancel"),
                "danger": "yes",
            },
            context_label=user_text(name),
        )
    return h(
        '<li class="row"><span class="avatar" aria-hidden="true">{initials}</span>'
        '<div class="row__main"><b>{name}</b><p class="muted">{contact}</p></div>'
        '<p class="row__when muted">{doors}</p>{remove}</li>',
        initials=initials(name),
        name=user_text(name),
        contact=Html(" · ".join(contact)),
        doors=_doors(context, member),
        remove=remove,
    )


def initials(name: str) -> str:
    """The initials of a name: one or two letters."""
    words = [word for word in name.split() if word[0].isalnum()] or [name.strip() or "?"]
    return "".join(word[0] for word in words[:: max(1, len(words) - 1)][:2]).upper()


def _doors(context: Context, member: Mapping[str, Any]) -> Html:
    names = [
        user_text(context.place_by_ref[ref].name)
        for ref in place_refs(member)
        if ref in context.place_by_ref
    ]
    if not names:
        return h("{everywhere}", everywhere=context.messages.text("staff.everywhere"))
    more = f" +{len(names) - _SHOWN}" if len(names) > _SHOWN else ""
    return h("{names}{more}", names=Html(", ".join(names[:_SHOWN])), more=more)
