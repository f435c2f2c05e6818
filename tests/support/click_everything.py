"""Clicks every control of the sandbox's portal page, also the disabled ones."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from PySide6.QtWebEngineCore import QWebEnginePage

# The page is rendered again after every change, so controls are identified by their attributes.
# Questions are answered with yes; forms are filled in and sent.
_SCRIPT = """
(async () => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const fetched = window.fetch;
  let under_way = 0;
  const follow = (work) => {
    under_way += 1;
    return work.finally(() => { under_way -= 1; });
  };
  window.fetch = (...asked) => follow(fetched(...asked).then((answer) => {
    for (const part of ['text', 'json']) {
      const read = answer[part].bind(answer);
      answer[part] = () => follow(read());
    }
    return answer;
  }));
  const idle = async () => {
    for (let quiet = 0; quiet < 3; quiet = under_way ? 0 : quiet + 1) await pause(4);
  };
  const CONTROLS = 'button, input, select, textarea, summary, a[href^="#"], [data-action]';
  const name = (each) => [each.tagName, each.id, each.name, each.getAttribute('href'),
    each.dataset.action, each.dataset.change, each.dataset.open, each.dataset.eventKind,
    each.dataset.provider, each.type].join('|');
  const fill = (form) => {
    for (const field of form.elements) {
      if (field.required && !field.value)
        field.value = 'Ada';
    }
  };
  const answer = async () => {
    for (let dialog; (dialog = document.querySelector('dialog[open]'));) {
      const form = dialog.querySelector('[data-form]');
      const yes = form?.querySelector('[type=submit]') ?? dialog.querySelector('[data-confirm-ok]');
      if (form) fill(form);
      // The page goes on after the dialog's close event.
      const closed = new Promise((done) => {
        dialog.addEventListener('close', done, { once: true });
      });
      if (yes) { yes.disabled = false; yes.click(); clicked.add(name(yes)); }
      if (!dialog.open) await closed;
      await idle();
      if (dialog.open) dialog.close();
      await idle();
    }
  };
  const clicked = new Set(), sections = new Set();
  try {
    for (let view; (view = [...document.querySelectorAll('[data-view]')]
        .map((each) => each.dataset.view).find((each) => !sections.has(each)));) {
      sections.add(view);
      location.hash = view;
      await pause(10);
      const here = (each) => !each.closest('dialog')
        && (each.closest('[data-view]')?.dataset.view ?? view) === view;
      for (let control; (control = [...document.querySelectorAll(CONTROLS)]
          .find((each) => here(each) && !clicked.has(name(each))));) {
        clicked.add(name(control));
        control.disabled = false;
        if (control.tagName === 'SELECT') {
          control.dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
          control.selectedIndex = control.options.length - 1;
          control.dispatchEvent(new Event('change', { bubbles: true }));
        } else control.click();
        await idle();
        await answer();
        if (location.hash.slice(1) !== encodeURI(view)) location.hash = view;
      }
    }
    window.everything = { clicked: clicked.size, sections: [...sections] };
  } catch (error) { window.everything = { error: String(error.stack) }; }
})(); ''"""


async def ask(page: QWebEnginePage, script: str) -> Any:
    """The value of a JavaScript expression in the page."""
    answer = asyncio.get_running_loop().create_future()
    page.runJavaScript(f"JSON.stringify({script})", answer.set_result)
    text = await asyncio.wait_for(answer, 15)
    return json.loads(text) if text else None


async def click_everything(page: QWebEnginePage) -> dict[str, Any]:
    """Click all controls; return how many there were (`clicked`) and in which `sections`."""
    page.runJavaScript(_SCRIPT)
    found: list[Any] = []

    async def read_result() -> None:
        found.append(await ask(page, "window.everything ?? null"))

    for _ in range(600):
        await read_result()
        if found[-1] is not None:
            break
        await asyncio.sleep(0.1)
    assert found[-1] is not None, "it never came to an end"
    assert "error" not in found[-1], found[-1]
    return found[-1]
