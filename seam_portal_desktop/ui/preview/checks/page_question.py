"""A script that collects what the checks need from a page, and its answer.

It runs in a script world of our own. The page shares its elements with that world, but none of its
functions: functions that the page redefines aren't used here, and events that the page creates
aren't trusted. The script limits the size of everything that it returns.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

QUESTION = r"""(() => {
  const cut = (text, length) => String(text ?? '').slice(0, length);
  const select = (selector, limit) => [...document.querySelectorAll(selector)].slice(0, limit);
  const isVisible = (element) => element.getClientRects().length > 0;
  const first = (list) => (list.length ? list[0] : null);
  const timing = first(performance.getEntriesByType('navigation'));
  const paints = performance.getEntriesByType('paint');
  const paint = paints.find((each) => each.name === 'first-contentful-paint') ?? first(paints);
  const body = document.body;
  const text = body ? body.innerText.trim() : '';

  const names = new Set();
  const addNames = (value) => {
    for (const word of cut(value, 200).toLowerCase().split(/[^\p{L}\p{N}_-]+/u))
      if (word && word.length < 40 && names.size < 400) names.add(word);
  };
  const targetOf = (link) => {
    try {
      const target = new URL(link.href, document.baseURI);
      if (target.origin === location.origin) return target.pathname + ' ' + target.hash;
    } catch { /* no address */ }
    return '';
  };
  for (const link of select('a[href]', 300)) addNames(targetOf(link));
  for (const kind of ['nav', 'view', 'section', 'page', 'route', 'tab'])
    for (const element of select(`[data-${kind}]`, 200))
      addNames(element.getAttribute(`data-${kind}`));
  for (const element of select('nav [id], [role=tab], main > section[id]', 200)) {
    addNames(element.id);
    addNames(element.getAttribute('aria-controls'));
  }
  const insideNavigation = (tags) => ['nav', '[role=navigation]', '[role=tablist]', '[role=menu]']
    .flatMap((parent) => tags.map((tag) => `${parent} ${tag}`)).join(', ');
  const entries = select(
    insideNavigation(['a[href]', 'button', '[role=tab]', '[role=menuitem]']), 100);
  const labels = new Set();
  for (const entry of entries)
    for (const label of [entry.textContent, entry.getAttribute('aria-label')])
      if (label) labels.add(cut(label.replace(/\s+/g, ' ').trim().toLowerCase(), 60));
  const targets = new Set(entries.map((entry) => targetOf(entry) || entry.textContent));

  const headings = select('h1, h2', 20).filter(isVisible).slice(0, 3)
    .map((heading) => heading.textContent);
  return JSON.stringify({
    paint: paint ? paint.startTime : null,
    loaded: timing && timing.loadEventEnd > 0 ? timing.loadEventEnd : null,
    language: cut(document.documentElement?.lang, 20),
    text: cut(text, 6000),
    characters: text.length,
    pictures: select('img, svg, canvas, video, iframe, object', 300).filter(isVisible).length,
    controls: select('a[href], button, input, select, textarea', 300).filter(isVisible).length,
    headings: [document.title, ...headings].map((each) => cut(each, 120).trim()),
    names: [...names],
    labels: [...labels],
    navigation: entries.length > 1 && targets.size > 1,
    watch: globalThis.portalPreviewWatch ? globalThis.portalPreviewWatch() : null,
  });
})()"""


@dataclass(frozen=True, slots=True)
class FailedPart:
    """A part that didn't load: its full address, the element's or initiator's name, the status."""

    address: str
    kind: str
    status: int | None


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """The answer of a page. ``failed`` is a sample of ``failed_count``, which is None if the
    failures weren't recorded. ``text`` is the beginning of the page's visible text."""

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
    failed: tuple[FailedPart, ...] = field(default=(), repr=False)
    failed_count: int | None = None


def read_answer(answer: object) -> PageAnswer | None:
    """Parse the engine's result of QUESTION; None when the page gave no answer."""
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
            failed=tuple(
                FailedPart(address, kind, status or None)
                for address, (kind, status) in watch["failed"]
            )
            if watch
            else (),
            failed_count=watch["count"] if watch else None,
        )
    except (
        ValueError,
        KeyError,
        TypeError,
    ):  # '' for a script that threw, or a page that has ended
        return None


def _time(milliseconds: float | None) -> timedelta | None:
    return None if milliseconds is None else timedelta(milliseconds=milliseconds)
