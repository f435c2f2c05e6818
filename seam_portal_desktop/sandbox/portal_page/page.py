"""The whole page: its head, its frame and its parts."""

from __future__ import annotations

import functools
from dataclasses import replace
from pathlib import Path

from seam_portal_desktop.sandbox.portal_page.catalogue import language_names
from seam_portal_desktop.sandbox.portal_page.context import Context
from seam_portal_desktop.sandbox.portal_page.controls import empty_state
from seam_portal_desktop.sandbox.portal_page.data import PageData
from seam_portal_desktop.sandbox.portal_page.markup import (
    Html,
    flag,
    h,
    icon,
    json_script,
    time_html,
    user_text,
)
from seam_portal_desktop.sandbox.portal_page.routes import (
    PageSection,
    details_of,
    opening_route,
    sections_of,
)
from seam_portal_desktop.sandbox.portal_page.sections.devices import rename_dialog
from seam_portal_desktop.sandbox.portal_page.sections.organize import place_options
from seam_portal_desktop.sandbox.portal_page.sections.staff import add_staff_dialog, initials
from seam_portal_desktop.sandbox.portal_page.sections.stays import new_stay_dialog
from seam_portal_desktop.sandbox.portal_page.theme import theme_style

_ERRORS = (
    "network",
    "read_only",
    "forbidden",
    "not_found",
    "invalid_input",
    "invalid_dates",
    "device_offline",
    "unknown",
)


def render_portal(data: PageData) -> str:
    """A complete HTML document, to be sent with ``Cache-Control: no-store``.

    It works under ``default-src 'self'; img-src 'self' data: https:; style-src 'self'
    'unsafe-inline'; script-src 'self'``. Its script sets ``data-portal-ready="true"`` on the root
    element once the page is complete.
    """
    context = Context.of(data)
    embedded = bool(data.request.get("is_embedded", False))
    return h(
        '<!doctype html>\n<html lang="{locale}" data-layout="{layout}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex">'
        '<meta name="referrer" content="no-referrer">'
        "<title>{customer} – {workspace}</title>"
        '<link rel="icon" href="{static}/icon.svg">'
        '{sheets}{theme}<script type="module" src="{static}/portal.js"></script></head>'
        '<body>{sprite}<div id="app">{app}</div>'
        '<div id="toasts" class="toasts" role="status" aria-live="polite"></div></body></html>',
        locale=data.display_locale,
        layout="embedded" if embedded else "standalone",
        customer=data.customer,
        workspace=data.workspace_name,
        static=data.static_path.rstrip("/"),
        sheets=style_sheets(data.static_path, "tokens", "layout", "components"),
        theme=theme_style(data.profile),
        sprite=sprite(),
        app=_app(context, embedded=embedded),
    )


def style_sheets(static_path: str, *names: str) -> Html:
    return h(
        "{links}",
        links=[
            h(
                '<link rel="stylesheet" href="{path}/{name}.css">',
                path=static_path.rstrip("/"),
                name=name,
            )
            for name in names
        ],
    )


@functools.cache
def sprite() -> Html:
    """The icons that `markup.icon` refers to."""
    return Html((Path(__file__).parent / "icons.svg").read_text(encoding="utf-8"))


def _app(context: Context, *, embedded: bool) -> Html:
    data, text = context.data, context.messages.text
    restricted = data.request.get("navigation_mode") == "restricted"
    sections, route = sections_of(context), opening_route(context)
    if restricted:
        sections = [section for section in sections if section.name == route.name]
    names = {section.name for section in sections}
    details = [
        detail for detail in details_of(context) if detail[1] in names or detail[0] == route.name
    ]
    context = replace(context, reachable=frozenset(name for name, _, _ in details))
    views = [
        _view(section.name, section.name, section.render(context), route.name)
        for section in sections
    ]
    for name, parent, draw in details:
        back = _back(context, parent) if parent in names else None
        drawn = h("{back}{content}", back=back, content=draw(context))
        views.append(_view(name, parent, drawn, route.name))
    if not views:
        views = [
            empty_state(
                "eye",
                text("shell.nothing_title"),
                text("shell.nothing_body", workspace=data.workspace_name),
            )
        ]
    return h(
        '{header}<div class="frame">{nav}<main id="content">{notices}{views}</main></div>{footer}'
        "{dialogs}{config}",
        header=None if embedded else _header(context),
        nav=_nav(context, sections, route.name, embedded=embedded)
        if not restricted
        else _corner(context, embedded=embedded),
        notices=_notices(context, missing=route.missing),
        views=views,
        footer=None if embedded else _footer(context),
        dialogs=_dialogs(context),
        config=json_script(
            "portal-config",
            {
                "actionsPath": data.actions_path,
                "locale": data.display_locale,
                "openingView": route.name,
                "messages": {
                    "done": text("done"),
                    "dismiss": text("dismiss"),
                    "timeZone": text("detail.time_zone"),
                    "errors": {name: text(f"error.{name}") for name in _ERRORS},
                },
            },
        ),
    )


def _view(name: str, parent: str, content: Html, opening: str) -> Html:
    return h(
        '<section class="view" data-view="{name}" data-parent="{parent}"{hidden}>'
        "{content}</section>",
        name=name,
        parent=parent,
        hidden=flag("hidden", name != opening),
        content=content,
    )


def _back(context: Context, parent: str) -> Html:
    return h(
        '<a class="back" href="#{parent}">{icon}{label}</a>',
        parent=parent,
        icon=icon("arrow-left"),
        label=context.messages.text("detail.back"),
    )


def _header(context: Context) -> Html:
    data, text = context.data, context.messages.text
    logo = (data.profile or {}).get("logo_url")
    mark = h('<span class="brand__mark" aria-hidden="true">{x}</span>', x=initials(data.customer))
    if logo:
        mark = h('<img class="brand__logo" src="{logo}" alt="" data-logo>', logo=logo)
    return h(
        '<a class="skip" href="#content" data-skip>{skip}</a><header class="topbar">'
        '<div class="brand">{mark}<p class="brand__names"><b title="{name}">{customer}</b>'
        "<span>{workspace}</span></p></div>{picker}</header>",
        skip=text("shell.skip"),
        mark=mark,
        name=data.customer,
        customer=user_text(data.customer),
        workspace=user_text(data.workspace_name),
        picker=_locale_picker(context),
    )


def _locale_picker(context: Context) -> Html | None:
    if context.data.request.get("exclude_locale_picker", False):
        return None
    options = [
        h(
            '<option value="{locale}" lang="{locale}"{selected}>{name}</option>',
            locale=locale,
            selected=flag("selected", locale == context.data.display_locale),
            name=name,
        )
        for locale, name in language_names().items()
    ]
    return h(
        '<label class="locale">{icon}<span class="unseen">{label}</span>'
        '<select id="locale-picker" data-locale-picker>{options}</select></label>',
        icon=icon("languages"),
        label=context.messages.text("shell.language"),
        options=options,
    )


def _nav(
    context: Context, sections: list[PageSection], opening: str, *, embedded: bool
) -> Html | None:
    if len(sections) < 2 and not embedded:  # noqa: PLR2004 - one section needs no way to it
        return None
    groups = []
    for group in ("manage", "setup"):
        links = [_nav_link(context, s, opening) for s in sections if s.group == group]
        if links:
            groups.append(
                h(
                    '<p class="nav__group">{title}</p>{links}',
                    title=context.messages.text(f"nav.{group}"),
                    links=links,
                )
            )
    return h(
        '<nav class="nav" aria-label="{label}"><div class="nav__links">{groups}</div>'
        "{picker}</nav>",
        label=context.messages.text("nav.label"),
        groups=groups,
        picker=_locale_picker(context) if embedded else None,
    )


def _corner(context: Context, *, embedded: bool) -> Html | None:
    """The language picker of a page without header and navigation."""
    picker = _locale_picker(context) if embedded else None
    return h('<div class="corner">{picker}</div>', picker=picker) if picker else None


def _nav_link(context: Context, section: PageSection, opening: str) -> Html:
    if section.name == "places":
        word = context.word(context.vertical)
    else:
        name = "reservations" if section.name == "stays" else section.name
        word = context.messages.text(f"nav.{name}")
    return h(
        '<a class="nav__link" href="#{name}" data-nav="{name}"{current}>'
        "{icon}<span>{word}</span></a>",
        name=section.name,
        current=Html(' aria-current="page"') if section.name == opening else Html(""),
        icon=icon(section.picture),
        word=word,
    )


def _notices(context: Context, *, missing: bool) -> Html:
    data, text = context.data, context.messages.text
    filters = data.request.get("customer_resources_filters") or ()
    notices = []
    if missing:
        notices.append(("missing", "info", h("{t}", t=text("shell.not_found"))))
    if data.read_only:
        notices.append(("read-only", "eye", h("{t}", t=text("shell.read_only"))))
    if filters:
        shown = [
            h("<code>{field} = {value}</code>", field=f.get("field"), value=_plain(f.get("value")))
            for f in filters
        ]
        label = h("{t}", t=text("shell.filters", count=len(filters)))
        notices.append(("filters", "list-filter", h("{label} {shown}", label=label, shown=shown)))
    return h(
        "{notices}",
        notices=[
            h(
                '<p class="notice" data-notice="{name}">{icon}<span>{content}</span></p>',
                name=name,
                icon=icon(picture),
                content=content,
            )
            for name, picture, content in notices
        ],
    )


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _footer(context: Context) -> Html:
    data, messages = context.data, context.messages
    return h(
        '<footer class="footer"><span>{provided}</span><span>{expires}</span></footer>',
        provided=messages.html("shell.provided", workspace=user_text(data.workspace_name)),
        expires=messages.html("shell.expires", date=time_html(data.expires_at, "datetime")),
    )


def _dialogs(context: Context) -> Html | None:
    if not context.can_act:
        return None
    has, dialogs = context.data.has_feature, []
    if has("manage") and context.can_manage("exclude_reservation_management"):
        dialogs.append(new_stay_dialog(context))
    if has("manage") and context.can_manage("exclude_staff_management"):
        dialogs.append(add_staff_dialog(context))
    if has("manage_devices"):
        dialogs.append(rename_dialog(context))
    confirm = h(
        '<dialog class="dialog" id="confirm" role="alertdialog" aria-labelledby="confirm-title" '
        'aria-describedby="confirm-body"><form method="dialog"><h2 id="confirm-title"></h2>'
        '<p id="confirm-body"></p><div class="dialog__buttons">'
        '<button value="cancel" class="button button--quiet" data-confirm-cancel></button>'
        '<button value="ok" class="button button--primary" data-confirm-ok></button>'
        "</div></form></dialog>"
    )
    return h(
        "{dialogs}{confirm}{options}",
        dialogs=dialogs,
        confirm=confirm,
        options=place_options(context),
    )
