"""What a page is asked about itself, in a script world where it can't answer for the engine.

The page shares its elements with that world, but none of its functions: what it redefines isn't
used here, and events that it makes up itself aren't trusted. All that comes back is cut to size.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

QUESTION = r"""(() => {
  const cut = (text, most) => String(text ?? '').slice(0, most);
  const some = (selector, most) => [...document.querySelectorAll(selector)].slice(0, most);
  const seen = (part) => part.getClientRects().length > 0;
  const first = (list) => (list.length ? list[0] : null);
  const timing = first(performance.getEntriesByType('navigation'));
  const paints = performance.getEntriesByType('paint');
  const paint = paints.find((each) => each.name === 'first-contentful-paint') ?? first(paints);
  const body = document.body;
  const text = body ? body.innerText.trim() : '';

  const names = new Set();
  const name = (value) => {
    for (const word of cut(value, 200).toLowerCase().split(/[^\p{L}\p{N}_-]+/u))
      if (word && word.length < 40 && names.size < 400) names.add(word);
  };
  const leadsTo = (link) => {
    try {
      const target = new URL(link.href, document.baseURI);
      if (target.origin === location.origin) return target.pathname + ' ' + target.hash;
    } catch { /* no address */ }
    return '';
  };
  for (const link of some('a[href]', 300)) name(leadsTo(link));
  for (const kind of ['nav', 'view', 'section', 'page', 'route', 'tab'])
    for (const part of some(`[data-${kind}]`, 200)) name(part.getAttribute(`data-${kind}`));
  for (const part of some('nav [id], [role=tab], main > section[id]', 200)) {
    name(part.id);
    name(part.getAttribute('aria-controls'));
  }
  const inside = (tags) => ['nav', '[role=navigation]', '[role=tablist]', '[role=menu]']
    .flatMap((place) => tags.map((tag) => `${place} ${tag}`)).join(', ');
  const ways = some(inside(['a[href]', 'button', '[role=tab]', '[role=menuitem]']), 100);
  const labels = new Set();
  for (const way of ways)
    for (const label of [way.textContent, way.getAttribute('aria-label')])
      if (label) labels.add(cut(label.replace(/\s+/g, ' ').trim().toLowerCase(), 60));
  const goals = new Set(ways.map((way) => leadsTo(way) || way.textContent));

  const headings = some('h1, h2', 20).filter(seen).slice(0, 3).map((each) => each.textContent);
  return JSON.stringify({
    paint: paint ? paint.startTime : null,
    loaded: timing && timing.loadEventEnd > 0 ? timing.loadEventEnd : null,
    language: cut(document.documentElement?.lang, 20),
    text: cut(text, 6000),
    characters: text.length,
    pictures: some('img, svg, canvas, video, iframe, object', 300).filter(seen).length,
    controls: some('a[href], button, input, select, textarea', 300).filter(seen).length,
    headings: [document.title, ...headings].map((each) => cut(each, 120).trim()),
    names: [...names],
    labels: [...labels],
    navigation: ways.length > 1 && goals.size > 1,
    watch: globalThis.portalPreviewWatch ? globalThis.portalPreviewWatch() : null,
  });
})()"""


@dataclass(frozen=True, slots=True)
class Missed:
    """A part that didn't come: its full address, an element's or initiator's name, and the status
    or None."""

    address: str
    kind: str
    status: int | None


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What the page is like. ``missed`` is a sample of ``missed_count``, which is None when
    nobody watched. ``text`` is the beginning of what can be read on it."""

    paint: timedelta | None
    loaded: timedelta | None
    language: str
    text: str
    characters: int
    pictures: int
    controls: int
    has_navigation: bool
    headings: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    missed: tuple[Missed, ...] = field(default=(), repr=False)
    missed_count: int | None = None


def read_answer(answer: object) -> PageAnswer | None:
    """What the engine handed back for QUESTION; None when the page gave no answer."""
    try:
        found: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else {}
        watch = found["watch"]
        return PageAnswer(
            paint=_time(found["paint"]),
            loaded=_time(found["loaded"]),
            language=found["language"],
            text=found["text"],
            characters=found["characters"],
            pictures=found["pictures"],
            controls=found["controls"],
            has_navigation=found["navigation"],
            headings=tuple(found["headings"]),
            names=frozenset(found["names"]),
            labels=frozenset(found["labels"]),
            missed=tuple(
                Missed(address, kind, status or None) for address, (kind, status) in watch["failed"]
            )
            if watch
            else (),
            missed_count=watch["count"] if watch else None,
        )
    except (ValueError, KeyError, TypeError):  # '' for a script that threw, a page that is gone
        return None


def _time(milliseconds: float | None) -> timedelta | None:
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)
