"""The device makers' accounts: those that are connected, and those that can be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seam_portal_desktop.sandbox.portal_page.actions import accepted_providers
from seam_portal_desktop.sandbox.portal_page.context import Context
from seam_portal_desktop.sandbox.portal_page.controls import (
    badge,
    empty_state,
    search_box,
    view_head,
)
from seam_portal_desktop.sandbox.portal_page.devices import base_providers, digest
from seam_portal_desktop.sandbox.portal_page.markup import (
    Html,
    flag,
    h,
    icon,
    json_attribute,
)
from seam_portal_desktop.sandbox.portal_page.sections.staff import initials

CATEGORIES = (
    "consumer_smartlocks",
    "access_control_systems",
    "thermostats",
    "noise_sensors",
    "cameras",
    "connectors",
)
_HUES = 12


def render_accounts(context: Context) -> Html:
    text = context.messages.text
    names = base_providers(context.data.resources)
    names += [str(a["device_provider_name"]) for a in context.data.connected_accounts]
    connected = [_connected(context, name) for name in dict.fromkeys(names)]
    return h(
        '{head}<h2>{title} <span class="count">{count}</span></h2>{connected}{available}',
        head=view_head(text("nav.accounts"), text("accounts.lead")),
        title=text("accounts.connected"),
        count=len(connected),
        connected=h('<ul class="rows card">{rows}</ul>', rows=connected)
        if connected
        else empty_state("plug", text("accounts.none_connected")),
        available=_available(context),
    )


def _available(context: Context) -> Html:
    text = context.messages.text
    providers = accepted_providers(context.data)
    title = h("<h2>{title}</h2>", title=text("accounts.available"))
    if not providers:
        return h('{title}<p class="muted">{none}</p>', title=title, none=text("accounts.none"))
    groups = []
    for category in (*CATEGORIES, "other"):
        cards = [_provider(context, p) for p in providers if _category(p) == category]
        if cards:
            groups.append(
                h(
                    '<div class="group" data-filter-group><h3>{title}</h3>'
                    '<ul class="providers">{cards}</ul></div>',
                    title=text(f"category.{category}"),
                    cards=cards,
                )
            )
    return h(
        '{title}{search}{groups}<p class="muted" data-filter-none hidden>{none}</p>',
        title=title,
        search=search_box(context),
        groups=groups,
        none=text("places.no_match"),
    )


def _connected(context: Context, name: str) -> Html:
    text = context.messages.text
    count = sum(device.provider == name for device in context.devices)
    return h(
        '<li class="row">{tile}<div class="row__main"><b>{name}</b><p class="muted">{count}</p>'
        "</div>{badge}</li>",
        tile=_monogram(context.provider_name(name)),
        name=context.provider_name(name),
        count=text("places.device_count", count=count),
        badge=badge("good", "check", text("device.online")),
    )


def _provider(context: Context, provider: Mapping[str, Any]) -> Html:
    text, label = context.messages.text, str(provider["display_name"])
    name = str(provider["device_provider_name"])
    question = {
        "title": text("accounts.dialog_title", provider=label),
        "body": text("accounts.dialog_body", provider=label),
        "ok": text("action.connect"),
        "cancel": text("action.cancel"),
    }
    return h(
        '<li data-search="{search}"><button type="button" class="provider" id="connect-{name}"'
        ' data-provider="{name}"{act}{disabled}>{tile}<span>{label}</span>{plus}</button></li>',
        search=f"{label} {name}".casefold(),
        name=name,
        act=h(
            ' data-action="{body}" data-confirm="{question}"',
            body=json_attribute({"action": "connect_account", "provider": name}),
            question=json_attribute(question),
        )
        if context.can_act
        else None,
        disabled=flag("disabled", not context.can_act),
        tile=_monogram(label),
        label=label,
        plus=icon("plus") if context.can_act else None,
    )


def _monogram(label: str) -> Html:
    # A drawing instead of the provider's image: the page loads nothing from other servers.
    return h(
        '<span class="monogram" data-hue="{hue}" aria-hidden="true">{letters}</span>',
        hue=digest(label) % _HUES,
        letters=initials(label),
    )


def _category(provider: Mapping[str, Any]) -> str:
    own = provider.get("provider_categories") or ()
    return next((category for category in CATEGORIES if category in own), "other")
