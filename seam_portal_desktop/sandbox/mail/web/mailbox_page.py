"""The mailbox's pages. Every text of a mail is escaped; its HTML is shown in a closed frame."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from seam_portal_desktop.sandbox.mail.web.reading import read_mail, subject_of
from seam_portal_desktop.sandbox.portal_page.markup import Html, h, join, user_text

if TYPE_CHECKING:
    from seam_portal_desktop.sandbox.mail.server import SandboxMailbox
    from seam_portal_desktop.sandbox.mail.store import ReceivedMail

_MAX_SOURCE = 256 * 1024
"""How many bytes of the source the page has. The download has all."""

_STYLE = Html(
    "<style>:root{color-scheme:light dark;--ground:#f5f4f0;--card:#fff;--text:#1d2326;"
    "--muted:#5a6368;--line:#e1dfd8;--accent:#0f6b5c;--sunken:#eeece6}"
    "@media(prefers-color-scheme:dark){:root{--ground:#14171a;--card:#1d2124;--text:#eceeed;"
    "--muted:#a5adb0;--line:#32383c;--accent:#63cdb8;--sunken:#272c30}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--text);"
    "font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',"
    "sans-serif;overflow-wrap:anywhere}main{max-width:1000px;margin:0 auto;padding:32px 24px}"
    "header{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;margin-bottom:16px}"
    "h1{flex:1 1 320px;margin:0;font-size:1.4rem;line-height:1.3}"
    "h2{margin:24px 0 8px;font-size:1rem}p{margin:0 0 8px}.muted{color:var(--muted)}"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:12px;overflow:hidden}"
    "a{color:var(--accent)}a:focus-visible,button:focus-visible{outline:2px solid var(--accent);"
    "outline-offset:2px}.button{display:inline-block;padding:6px 14px;font:inherit;"
    "color:var(--text);background:var(--card);border:1px solid var(--line);border-radius:8px;"
    "text-decoration:none;cursor:pointer}.button:hover{background:var(--sunken)}"
    "table{width:100%;border-collapse:separate;border-spacing:0}th,td{padding:10px 16px;"
    "text-align:start;vertical-align:top;border-top:1px solid var(--line)}"
    "thead th{border-top:0;font-weight:600;font-size:.85rem;color:var(--muted)}"
    "tbody th{font-weight:400}"
    ".facts th{width:9rem;color:var(--muted)}.facts tr:first-child>*{border-top:0}"
    "thead th,.short{white-space:nowrap}.empty{padding:56px 24px;text-align:center}"
    "iframe{display:block;width:100%;height:640px;border:0;resize:vertical}"
    "pre{margin:0;padding:16px;font:13px/1.5 ui-monospace,'SF Mono','Cascadia Mono',"
    "'Liberation Mono',monospace;white-space:pre-wrap}"
    "@media(max-width:640px){main{padding:16px}.mails thead{display:none}"
    ".mails tr,.mails th,.mails td{display:block}.mails th,.mails td{padding:2px 16px;border:0}"
    ".mails tr{padding:8px 0;border-top:1px solid var(--line)}"
    ".mails tr:first-child{border-top:0}.facts th{width:7rem}}"
    "code{font:.9em ui-monospace,'SF Mono','Cascadia Mono','Liberation Mono',monospace}</style>"
)


def render_list(mailbox: SandboxMailbox) -> str:
    """The newest first."""
    mails = mailbox.messages()[::-1]
    path = mailbox.path
    if mails:
        content = h(
            '<table class="card mails"><thead><tr><th scope="col">Subject</th>'
            '<th scope="col">To</th><th scope="col">Connection</th>'
            '<th scope="col">Arrived</th></tr></thead>'
            "<tbody>{rows}</tbody></table>",
            rows=[_row(path, mail) for mail in mails],
        )
    else:
        content = h(
            '<div class="card empty"><h2>No mail yet</h2><p class="muted">This page looks for '
            "mail every 5 seconds until the first one arrives.</p></div>"
        )
    return _page(
        "Sandbox mailbox",
        h(
            '<header><h1>Sandbox mailbox</h1><a class="button" href="{path}">Refresh</a>{empty}'
            "</header>{content}{server}",
            path=path,
            empty=_empty_button(path) if mails else None,
            content=content,
            server=_server(mailbox),
        ),
        head=None if mails else Html('<meta http-equiv="refresh" content="5">'),
    )


def _empty_button(path: str) -> Html:
    return h(
        '<form method="post" action="{path}/empty"><button class="button">Delete all mail'
        "</button></form>",
        path=path,
    )


def _row(path: str, mail: ReceivedMail) -> Html:
    return h(
        '<tr><th scope="row"><a href="{path}/{id}">{subject}</a><br><span class="muted">from '
        '{sender}</span></th><td>{to}</td><td class="short">{tls}</td>'
        '<td class="short">{at}</td></tr>',
        path=path,
        id=mail.mail_id,
        subject=user_text(subject_of(mail.raw) or "(no subject)"),
        sender=user_text(mail.sender or "(nobody)"),
        to=_list(mail.recipients),
        tls=_connection(mail),
        at=_time(mail.at),
    )


def _server(mailbox: SandboxMailbox) -> Html:
    """How a mail program reaches the server, and what else is at this address."""
    facts = [
        ("Server", _code(mailbox.host)),
        ("Port", h("{port} (STARTTLS), {tls} (TLS)", port=mailbox.port, tls=mailbox.tls_port)),
        ("User name", _code(mailbox.username)),
        ("Password", _code(mailbox.password)),
        (
            "Certificate",
            h('<a href="{path}/ca.pem">Authority of the certificate</a>', path=mailbox.path),
        ),
        (
            "For tests",
            h(
                '<a href="{path}.json">Mails</a>, <a href="{path}/counters">counters</a> and '
                '<a href="{path}/faults">faults</a> as JSON',
                path=mailbox.path,
            ),
        ),
    ]
    return h("<h2>Mail server</h2>{facts}", facts=_facts(facts))


def render_mail(mailbox: SandboxMailbox, mail: ReceivedMail) -> str:
    read = read_mail(mail.raw)
    title = dict(read.headers).get("Subject", "(no subject)")
    facts = [(name, user_text(value)) for name, value in read.headers if name != "Subject"]
    facts += [
        ("Sent by", user_text(mail.sender or "(nobody)")),
        ("Delivered to", _list(mail.recipients)),
        ("Arrived", _time(mail.at)),
        ("Connection", _connection(mail)),
        ("Greeted as", user_text(mail.client_name)),
        ("Signed in as", user_text(mail.user or "(not signed in)")),
        ("Size", h("{size} bytes", size=f"{len(mail.raw):,}")),
    ]
    if read.attachments:
        facts.append(("Attachments", _list(read.attachments)))
    return _page(
        title,
        h(
            '<header><h1>{title}</h1><a class="button" href="{path}">All mail</a>'
            '<a class="button" href="{path}/{id}/raw">Download</a></header>{facts}{html}{text}'
            '<h2>Source</h2><div class="card"><pre dir="auto">{source}</pre></div>',
            title=user_text(title),
            path=mailbox.path,
            id=mail.mail_id,
            facts=_facts(facts),
            html=_frame(read.html),
            text=_text(read.text),
            source=mail.raw[:_MAX_SOURCE].decode("utf-8", "replace"),
        ),
    )


def _frame(html: str | None) -> Html | None:
    if html is None:
        return None
    # No scripts and no forms. A click opens a link in a new tab, as in a mail program.
    return h(
        '<h2>HTML</h2><div class="card"><iframe title="The mail’s HTML" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox" '
        'srcdoc="{html}"></iframe></div>',
        html='<base target="_blank">' + html,
    )


def _text(text: str | None) -> Html | None:
    if text is None:
        return None
    return h('<h2>Text</h2><div class="card"><pre dir="auto">{text}</pre></div>', text=text)


def _facts(facts: list[tuple[str, Html]]) -> Html:
    rows = [
        h('<tr><th scope="row">{name}</th><td>{value}</td></tr>', name=name, value=value)
        for name, value in facts
    ]
    return h('<table class="card facts"><tbody>{rows}</tbody></table>', rows=rows)


def _list(texts: tuple[str, ...]) -> Html:
    return join(
        [
            h("{comma}{text}", comma=", " if i else "", text=user_text(t))
            for i, t in enumerate(texts)
        ]
    )


def _code(text: str) -> Html:
    return h("<code>{text}</code>", text=text)


def _connection(mail: ReceivedMail) -> Html:
    return Html("Encrypted" if mail.is_encrypted else "Not encrypted")


def _time(at: datetime) -> Html:
    return h(
        '<time datetime="{iso}">{text}</time>',
        iso=at.isoformat(),
        text=f"{at.astimezone():%Y-%m-%d %H:%M:%S}",
    )


def _page(title: str, body: Html, *, head: Html | None = None) -> str:
    return h(
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        "{head}<title>{title}</title>{style}</head><body><main>{body}</main></body></html>",
        head=head,
        title=title,
        style=_STYLE,
        body=body,
    )
