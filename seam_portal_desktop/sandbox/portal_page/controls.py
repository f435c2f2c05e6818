"""The controls that the parts of the page share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from seam_portal_desktop.sandbox.portal_page.catalogue import fill
from seam_portal_desktop.sandbox.portal_page.context import Context, device_icon
from seam_portal_desktop.sandbox.portal_page.devices import PageDevice
from seam_portal_desktop.sandbox.portal_page.markup import (
    Html,
    flag,
    h,
    icon,
    json_attribute,
    number_html,
)

SEARCH_FROM = 7
"""A view with fewer places or devices has no search box."""


def action_button(
    label: str,
    body: Mapping[str, Any],
    *,
    element_id: str,
    picture: str,
    style: str = "quiet",
    confirm: Mapping[str, str] | None = None,
    disabled: bool = False,
    context_label: Html | None = None,
) -> Html:
    """A button that posts `body`, after the question `confirm` (title, body, ok, cancel) if given.

    The id is the same after a reload, so that the button can get the keyboard focus again.
    `context_label` is for screen readers.
    """
    attributes = h(
        ' data-action="{body}"{confirm}{disabled}',
        body=json_attribute(body),
        confirm=h(' data-confirm="{question}"', question=json_attribute(confirm))
        if confirm
        else None,
        disabled=flag("disabled", disabled),
    )
    return _button(label, element_id, picture, style, attributes, context_label)


def opener(
    label: str,
    dialog_id: str,
    *,
    element_id: str,
    picture: str,
    style: str = "quiet",
    values: Mapping[str, str] | None = None,
    context_label: Html | None = None,
) -> Html:
    """A button that opens a dialog and fills its fields with `values`."""
    attributes = h(
        ' data-open="{dialog}" data-values="{values}"',
        dialog=dialog_id,
        values=json_attribute(values or {}),
    )
    return _button(label, element_id, picture, style, attributes, context_label)


def _button(  # noqa: PLR0917 - private, and both calls give all
    label: str, element_id: str, picture: str, style: str, attributes: Html, about: Html | None
) -> Html:
    return h(
        '<button type="button" class="button button--{style}" id="{id}"{attributes}>'
        "{picture}<span>{label}</span>{about}</button>",
        style=style,
        id=element_id,
        attributes=attributes,
        picture=icon(picture),
        label=label,
        about=h('<span class="unseen"> {about}</span>', about=about) if about else None,
    )


def link(context: Context, route: str, content: Html) -> Html:
    """A link to another view; only `content` if the page doesn't have that view."""
    if route not in context.reachable:
        return h("<b>{content}</b>", content=content)
    return h('<a href="#{route}">{content}</a>', route=route, content=content)


def form_dialog(
    context: Context,
    dialog_id: str,
    action: str,
    *,
    title: str,
    fields: Sequence[Html],
    submit: str,
) -> Html:
    """A dialog that posts its fields as `action`."""
    return h(
        '<dialog class="dialog" id="{id}" aria-labelledby="{id}-title">'
        '<form method="dialog" data-form="{action}"><h2 id="{id}-title">{title}</h2>'
        '<p class="dialog__error" role="alert" hidden></p>{fields}'
        '<div class="dialog__buttons">'
        '<button type="button" class="button button--quiet" data-close>{cancel}</button>'
        '<button type="submit" class="button button--primary">{submit}</button>'
        "</div></form></dialog>",
        id=dialog_id,
        action=action,
        title=title,
        fields=list(fields),
        cancel=context.messages.text("action.cancel"),
        submit=submit,
    )


def field(
    label: str, name: str, *, kind: str = "text", optional: str = "", required: bool = True
) -> Html:
    """An input with its label; `optional` is shown beside the label."""
    return h(
        '<label class="field"><span>{label}{optional}</span>'
        '<input name="{name}" type="{kind}" maxlength="200" autocomplete="off"{required}></label>',
        label=label,
        name=name,
        kind=kind,
        optional=h(' <small class="muted">{word}</small>', word=optional) if optional else None,
        required=flag("required", required),
    )


def search_box(context: Context) -> Html:
    """An input that hides the ``data-search`` elements of its view that don't match."""
    return h(
        '<label class="search">{icon}<span class="unseen">{label}</span>'
        '<input type="search" data-filter placeholder="{label}" autocomplete="off"></label>',
        icon=icon("search"),
        label=context.messages.text("places.search"),
    )


def facts(lines: Iterable[tuple[Html | str, Html | None]]) -> Html:
    """A description list of names and values. A name without a value is left out."""
    return h(
        '<dl class="facts">{lines}</dl>',
        lines=[
            h("<div><dt>{name}</dt><dd>{value}</dd></div>", name=name, value=value)
            for name, value in lines
            if value is not None
        ],
    )


def empty_state(picture: str, title: str, body: str = "") -> Html:
    return h(
        '<div class="empty">{picture}<h2>{title}</h2>{body}</div>',
        picture=icon(picture),
        title=title,
        body=h("<p>{body}</p>", body=body) if body else None,
    )


def view_head(title: Html | str, lead: Html | str = "", buttons: Sequence[Html] = ()) -> Html:
    return h(
        '<header class="view__head"><div><h1 tabindex="-1">{title}</h1>{lead}</div>{buttons}'
        "</header>",
        title=title,
        lead=h('<p class="lead">{lead}</p>', lead=lead) if lead else None,
        buttons=h('<div class="view__buttons">{buttons}</div>', buttons=list(buttons))
        if buttons
        else None,
    )


def badge(tone: str, picture: str, label: str) -> Html:
    """A state as an icon and a word; `tone` is good, warn, bad, calm or accent."""
    return h(
        '<span class="badge badge--{tone}">{picture}{label}</span>',
        tone=tone,
        picture=icon(picture),
        label=label,
    )


def device_badges(context: Context, device: PageDevice) -> Html:
    """A device's state as badges."""
    text = context.messages.text
    parts = []
    if not device.online:
        parts.append(badge("bad", "wifi-off", text("device.offline")))
    elif device.locked is not None:
        tone, word = ("good", "locked") if device.locked else ("warn", "unlocked")
        parts.append(badge(tone, device_icon(device), text(f"device.{word}")))
    elif device.celsius is None:
        parts.append(badge("good", "check", text("device.online")))
    if device.celsius is not None and device.online:
        parts.append(
            h(
                '<span class="badge badge--calm">{picture}<span class="unseen">{word}</span>{n}'
                "</span>",
                picture=icon("thermometer"),
                word=text("device.temperature"),
                n=number_html(device.celsius, "temperature", f"{device.celsius} °C"),
            )
        )
    if device.battery is not None:
        low = device.needs_attention and device.online
        parts.append(
            h(
                '<span class="badge badge--{tone}">{picture}<span class="unseen">{word}</span>{n}'
                "</span>",
                tone="warn" if low else "plain",
                picture=icon("battery-low" if low else "battery-medium"),
                word=text("device.battery"),
                n=number_html(device.battery, "percent", f"{device.battery:.0%}"),
            )
        )
    return h("{parts}", parts=parts)


def device_question(context: Context, count: int) -> dict[str, str] | None:
    """The question before a device action; None if the link has none."""
    wanted = context.data.feature("manage").get("device_management_confirmation")
    if wanted is None:
        return None
    text = context.messages.text
    return {
        "title": fill(wanted.get("title") or text("confirm.title", count=count), {"count": count}),
        "body": fill(wanted.get("body") or text("confirm.body"), {"count": count}),
        "ok": fill(wanted.get("confirm_button_label") or text("action.continue"), {"count": count}),
        "cancel": wanted.get("cancel_button_label") or text("action.cancel"),
    }


def lock_button(context: Context, device: PageDevice, where: str) -> Html:
    """The button that locks or unlocks one lock; empty if visitors can't do that.

    `where` makes the id unique if a device has several buttons.
    """
    if (
        device.locked is None
        or not context.can_act
        or not context.data.has_feature("manage_devices")
    ):
        return Html("")
    word = "unlock" if device.locked else "lock"
    return action_button(
        context.messages.text(f"action.{word}"),
        {"action": "set_lock", "device_ids": [device.device_id], "locked": not device.locked},
        element_id=f"lock-{where}-{device.device_id}",
        picture="lock-open" if device.locked else "lock",
        confirm=device_question(context, 1),
        disabled=not device.online,
        context_label=context.device_title(device),
    )
