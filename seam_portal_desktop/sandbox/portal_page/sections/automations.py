"""The automations, and which of them the customer may switch."""

from __future__ import annotations

from seam_portal_desktop.sandbox.portal_page.actions import AUTOMATIONS, Automation
from seam_portal_desktop.sandbox.portal_page.context import Context
from seam_portal_desktop.sandbox.portal_page.controls import view_head
from seam_portal_desktop.sandbox.portal_page.markup import Html, flag, h, icon, json_attribute

_GROUPS = {"access": "key-round", "climate": "thermometer", "instant": "smartphone"}


def render_automations(context: Context) -> Html:
    text = context.messages.text
    return h(
        "{head}{groups}",
        head=view_head(text("nav.automations"), text("automations.lead")),
        groups=[_group(context, group) for group in _GROUPS],
    )


def _group(context: Context, group: str) -> Html:
    rules = [rule for rule in AUTOMATIONS if rule.group == group]
    allowed = context.data.feature("configure").get(rules[0].permission, False)
    note = context.messages.html("automations.managed", workspace=context.data.workspace_name)
    return h(
        '<section class="group" data-automations="{group}" data-allowed="{allowed}">'
        '<h2 class="with-icon">{icon}{title}{note}</h2>'
        '<ul class="rows card">{rows}</ul></section>',
        group=group,
        allowed="yes" if allowed else "no",
        icon=icon(_GROUPS[group]),
        title=context.messages.text(f"automations.{group}"),
        note=None
        if allowed
        else h(
            '<span class="badge badge--plain">{icon}{note}</span>', icon=icon("lock"), note=note
        ),
        rows=[_rule(context, rule, allowed=allowed) for rule in rules],
    )


def _rule(context: Context, rule: Automation, *, allowed: bool) -> Html:
    text = context.messages.text
    on = context.data.automations.get(rule.name, rule.default)
    return h(
        '<li class="row"><div class="row__main"><b id="rule-{name}">{title}</b>'
        '<p class="muted">{hint}</p></div><label class="switch">'
        '<input type="checkbox" role="switch" id="automation-{name}" aria-labelledby="rule-{name}"'
        ' data-change="{body}" data-on="{on_word}" data-off="{off_word}"{checked}{disabled}>'
        '<span class="switch__track"></span><span class="switch__word">{word}</span></label></li>',
        name=rule.name,
        title=text(f"automation.{rule.name}"),
        hint=text(f"automation.{rule.name}.hint"),
        body=json_attribute({"action": "set_automation", "automation": rule.name}),
        on_word=text("automations.on"),
        off_word=text("automations.off"),
        checked=flag("checked", on),
        disabled=flag("disabled", not (allowed and context.can_act)),
        word=text("automations.on" if on else "automations.off"),
    )
