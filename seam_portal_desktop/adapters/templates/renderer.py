"""Renders templates in a process of its own, which is kept for the next message."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seam_portal_desktop.adapters.daemon_thread import DaemonThread
from seam_portal_desktop.adapters.templates.errors import template_error
from seam_portal_desktop.adapters.templates.worker_process import (
    TimeLimit,
    WorkerError,
    WorkerProcess,
)
from seam_portal_desktop.domain.message.rendering.plain_text import (
    link_for_text,
    links_alone,
    one_line,
    several_lines,
)
from seam_portal_desktop.domain.message.rendering.times import ExpiryWords, expiry_words
from seam_portal_desktop.domain.message.rendering.values import values_for
from seam_portal_desktop.domain.message.template import (
    InlineImage,
    MessageFacts,
    MessageTemplate,
    MessageWarning,
    RenderedMessage,
    TemplatePart,
)

GMAIL_CLIPS_AT = 102_000
"""Bytes of HTML. Gmail cuts a longer message off, and with it the company's signature."""

_IDLE_SECONDS = 60.0
_TOKEN = 8
"""Characters. What is shorter opens nothing, and may be in a subject by accident."""

_ANY_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


class ProcessRenderer:
    """See the port `TemplateRenderer`.

    `command` starts this program as the process, in `folder` (None: the current one). The process
    is started with the first message, ended when it is idle for `idle_seconds`, and started anew
    after a template that it had to be ended for.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path | None = None,
        *,
        limit: TimeLimit | None = None,
        idle_seconds: float = _IDLE_SECONDS,
    ) -> None:
        self._command = tuple(command)
        self._folder = folder
        self._limit = limit or TimeLimit()
        self._idle_seconds = idle_seconds
        self._thread = DaemonThread("templates")
        self._worker: WorkerProcess | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._running = 0

    async def render(self, template: MessageTemplate, facts: MessageFacts) -> RenderedMessage:
        """Raises TemplateError and nothing else. Messages are rendered one after another."""
        self._cancel_timer()
        self._running += 1
        try:
            return await self._thread.run(lambda: self._render(template, facts), abandonable=True)
        finally:
            self._running -= 1
            if not self._running:
                loop = asyncio.get_running_loop()
                self._cancel_timer()
                self._timer = loop.call_later(self._idle_seconds, self._end_idle)

    async def aclose(self) -> None:
        self._cancel_timer()
        if self._worker is not None:
            self._worker.kill()  # a message that is rendered now is not waited for
        await self._thread.run(self._end_worker)
        self._thread.stop()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end_idle(self) -> None:
        self._thread.post(self._end_worker)

    # What follows runs in the thread.

    def _end_worker(self) -> None:
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def _render(self, template: MessageTemplate, facts: MessageFacts) -> RenderedMessage:
        expiry = expiry_words(facts.expires_at, facts.now, facts.locale, facts.time_zone)
        message = _UnfinishedMessage(facts, expiry)
        subject = self._part(TemplatePart.SUBJECT, template, message)
        message.set_subject(str(subject["text"]))
        text = self._part(TemplatePart.TEXT, template, message)
        sms = self._part(TemplatePart.SMS, template, message) if template.sms.strip() else None
        html = self._part(TemplatePart.HTML, template, message) if template.html.strip() else None
        return message.finish(str(text["text"]), html, str(sms["text"]) if sms else "")

    def _part(
        self, part: TemplatePart, template: MessageTemplate, message: _UnfinishedMessage
    ) -> dict[str, Any]:
        """The worker's answer, which is no error. Raises TemplateError."""
        values = values_for(part, message.facts, message.expiry)
        job = {"part": part.value, "source": template.source(part), "values": values}
        if part is TemplatePart.HTML:
            job |= {"locale": message.facts.locale, "title": message.subject}
        try:
            answer = self._ask(job)
        except WorkerError as error:
            self._worker = None
            answer = {"error": error.kind}
        if "error" in answer:
            if answer["error"] in {"memory", "recursion"}:
                self._end_worker()
            raise template_error(part, answer, values)
        return answer

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        if self._worker is None or not self._worker.is_alive:
            self._end_worker()
            self._worker = WorkerProcess(self._command, self._folder)
        return self._worker.ask(job, self._limit)


class _UnfinishedMessage:
    """One message while it is put together."""

    def __init__(self, facts: MessageFacts, expiry: ExpiryWords) -> None:
        self.facts = facts
        self.expiry = expiry
        self.subject = ""
        self._url = facts.url.reveal()
        self._warnings: list[MessageWarning] = []

    def set_subject(self, rendered: str) -> None:
        """Raises TemplateError for an empty one, and for one with the link or its token."""
        self.subject = one_line(rendered)
        token = self._url.partition("token=")[2].partition("&")[0]
        problem = ""
        if not self.subject:
            problem = "empty_subject"
        elif self._url in self.subject or (len(token) >= _TOKEN and token in self.subject):
            problem = "link_in_subject"
        if problem:
            raise template_error(TemplatePart.SUBJECT, {"error": problem}, {})
        if _ANY_LINK.search(self.subject):
            self._warn(MessageWarning.LINK_IN_SUBJECT)

    def finish(self, text: str, html: dict[str, Any] | None, sms: str) -> RenderedMessage:
        text = self._plain(text)
        # A no-break space would make an SMS cost twice.
        sms = self._plain(sms).replace("\u00a0", " ")
        if not self.expiry.is_in(text):
            self._warn(MessageWarning.NO_EXPIRY)
        images: list[InlineImage] = []
        if html is not None:
            self._check_html(html)
            logo = self.facts.brand.logo
            if logo is not None and logo.content_id in html.get("images", ()):
                images.append(logo)
        return RenderedMessage(
            subject=self.subject,
            text=text,
            html="" if html is None else str(html["text"]),
            sms=sms,
            images=tuple(images),
            warnings=tuple(self._warnings),
        )

    def _plain(self, rendered: str) -> str:
        url = link_for_text(self._url)
        text, was_alone = links_alone(several_lines(rendered), url)
        if text and url not in text.split("\n"):
            self._warn(MessageWarning.NO_LINK)
        elif not was_alone:
            self._warn(MessageWarning.LINK_NOT_ALONE)
        return text

    def _check_html(self, answer: dict[str, Any]) -> None:
        if self._url not in answer.get("links", ()):
            self._warn(MessageWarning.NO_LINK)
        if not self.expiry.is_in(str(answer.get("words", ""))):
            self._warn(MessageWarning.NO_EXPIRY)
        if answer.get("has_remote_image"):
            self._warn(MessageWarning.REMOTE_IMAGE)
        if len(str(answer["text"]).encode()) > GMAIL_CLIPS_AT:
            self._warn(MessageWarning.TOO_LARGE)

    def _warn(self, warning: MessageWarning) -> None:
        if warning not in self._warnings:
            self._warnings.append(warning)
