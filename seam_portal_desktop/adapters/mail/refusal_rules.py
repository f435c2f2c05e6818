"""The known refusals of mail servers, with their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from seam_portal_desktop.adapters.mail.answers import Phase, ServerAnswer
from seam_portal_desktop.domain.message.ports import MailTrouble
from seam_portal_desktop.domain.message.sender import MailAccount, SignIn
from seam_portal_desktop.texts import _

_BUSY_WAIT = 60.0
_GREYLIST_WAIT = 300.0
_QUOTA_WAIT = 3600.0

_SENDING = (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY)


@dataclass(frozen=True, slots=True)
class RefusalRule:
    """The words for a refusal, and whose trouble it is.

    It applies in `phases` to codes that match `codes`, and, where `enhanced` or `words` are given,
    to enhanced codes or texts that match one of them. `wait` is in seconds. `is_for_account`: all
    messages of the account have to wait.
    """

    trouble: MailTrouble
    title: str
    message: str
    phases: tuple[Phase, ...]
    codes: str
    enhanced: str = ""
    words: str = ""
    sign_in: SignIn | None = None
    wait: float | None = None
    is_for_account: bool = False

    def applies(self, phase: Phase, answer: ServerAnswer, account: MailAccount) -> bool:
        if phase not in self.phases or not re.fullmatch(self.codes, str(answer.code)):
            return False
        if self.sign_in is not None and account.sign_in is not self.sign_in:
            return False
        if not self.enhanced and not self.words:
            return True
        return bool(
            (self.enhanced and re.fullmatch(self.enhanced, answer.enhanced))
            or (self.words and re.search(self.words, answer.text, re.IGNORECASE))
        )


_NEEDS_ENCRYPTION = RefusalRule(
    MailTrouble.ACCOUNT,
    _("The mail server wants an encrypted connection"),
    _("Choose STARTTLS or TLS in the sender’s settings. Nothing was sent."),
    (Phase.SIGN_IN, *_SENDING),
    r"5\d\d",
    words=r"must issue a STARTTLS|STARTTLS (command )?first|encryption required",
)

_RULES: Sequence[RefusalRule] = (
    # Signing in.
    _NEEDS_ENCRYPTION,
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("Your organisation has switched off SMTP for this account"),
        _(
            "Microsoft 365 doesn’t let this mailbox sign in with a password over SMTP. Choose the "
            "sign-in with Microsoft in the sender’s settings, or ask your administrator to allow "
            "“Authenticated SMTP” for this mailbox. Until then, send with your mail program."
        ),
        (Phase.SIGN_IN,),
        r"5\d\d",
        enhanced=r"5\.7\.139",
        words=r"SmtpClientAuthentication is disabled|basic authentication is disabled",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The sign-in has ended"),
        _(
            "The mail server no longer accepts it: it has expired, was withdrawn, or doesn’t cover "
            "sending mail. Sign in again in the sender’s settings. If that doesn’t help, ask your "
            "administrator to allow “Authenticated SMTP” for this mailbox."
        ),
        (Phase.SIGN_IN,),
        r"53[45]|5[05]\d",
        sign_in=SignIn.OAUTH,
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("This account wants an app password"),
        _(
            "The mail provider doesn’t accept the usual password from programs. Make an app "
            "password in the security settings of the account, and enter it in the sender’s "
            "settings instead."
        ),
        (Phase.SIGN_IN,),
        r"53[45]",
        enhanced=r"5\.7\.9",
        words=r"app(lication)?[- ]?specific|app(lication)? password|InvalidSecondFactor",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server wants the account’s owner to sign in with a browser"),
        _(
            "Sign in to the account on the provider’s web page and confirm that it was you. Then "
            "send again."
        ),
        (Phase.SIGN_IN,),
        r"53[45]",
        words=r"web ?login|log in via your web browser|WebLoginRequired",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The password of this account has to be changed"),
        _("Change it on the provider’s web page, and enter the new one in the sender’s settings."),
        (Phase.SIGN_IN,),
        r"432|5\d\d",
        enhanced=r"[45]\.7\.12",
        words=r"password (has )?expired",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server doesn’t accept this way of signing in"),
        _(
            "Choose another way in the sender’s settings, or ask whoever runs the mail server "
            "which one it takes."
        ),
        (Phase.SIGN_IN,),
        r"50[0-4]",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server didn’t accept the user name or the password"),
        _(
            "Check both in the sender’s settings. They were tried once, and are not tried again "
            "until you do so: too many wrong tries would lock the account."
        ),
        (Phase.SIGN_IN,),
        r"5\d\d",
    ),
    # The account's pace and limits.
    RefusalRule(
        MailTrouble.LATER,
        _("The account has sent as much as it may for now"),
        _(
            "The mail provider limits how much an account sends in a day. The message waits and is "
            "tried again."
        ),
        _SENDING,
        r"[45]\d\d",
        enhanced=r"[45]\.4\.5",
        words=(
            r"(daily|hourly|sending|submission).{0,20}(limit|quota)|"
            r"exceeded .{0,20}(daily|hourly|sending)|SubmissionQuotaExceeded"
        ),
        wait=_QUOTA_WAIT,
        is_for_account=True,
    ),
    # The sender.
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server wants a sign-in before it takes messages"),
        _("Enter a user name and a password in the sender’s settings, or sign in there."),
        _SENDING,
        r"530|550|553|554",
        words=r"auth(entication|enticate)? (is )?(required|needed)|not authenticated|5\.7\.57",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server wants a sign-in before it takes messages"),
        _("Enter a user name and a password in the sender’s settings, or sign in there."),
        _SENDING,
        r"530",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The account may not send with this sender’s address"),
        _(
            "The mail server allows other addresses for this user name. Change the address or the "
            "account in the sender’s settings, or ask your administrator for the right to send as "
            "this address."
        ),
        (Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.BODY),
        r"5\d\d",
        enhanced=r"5\.7\.60",
        words=(
            r"SendAsDenied|not allowed to send as|sender address rejected|not owned by|"
            r"not permitted to send (from|as)|send as this sender"
        ),
    ),
    # Size.
    RefusalRule(
        MailTrouble.MESSAGE,
        _("The message is too large for the mail server"),
        _("Use a template with fewer or smaller pictures, and send again."),
        (Phase.MAIL, Phase.DATA, Phase.BODY),
        r"5\d\d",
        enhanced=r"5\.3\.4|5\.2\.3",
        words=r"(too large|too big|exceeds .{0,30}size|size .{0,20}exceeds)",
    ),
    RefusalRule(
        MailTrouble.MESSAGE,
        _("The message is too large for the mail server"),
        _("Use a template with fewer or smaller pictures, and send again."),
        (Phase.MAIL, Phase.DATA, Phase.BODY),
        r"552",
    ),
    # The rest of each phase.
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server refuses connections from this network"),
        _("Try another network, or ask whoever runs the mail server why."),
        (Phase.CONNECT,),
        r"5\d\d",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server takes no messages from this computer’s network"),
        _("Try another network, or ask whoever runs the mail server why."),
        (Phase.MAIL, Phase.RCPT),
        r"5\d\d",
        words=r"client host rejected|helo command rejected",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("What answered is too old a mail server, or none"),
        _("Check the server’s name and port in the sender’s settings. Nothing was sent."),
        (Phase.EHLO,),
        r"5\d\d",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server can’t encrypt the connection now"),
        _(
            "Links are never sent without encryption. Choose TLS in the sender’s settings if the "
            "server offers it (often port 465), or ask whoever runs it."
        ),
        (Phase.STARTTLS,),
        r"5\d\d",
    ),
    RefusalRule(
        MailTrouble.ACCOUNT,
        _("The mail server didn’t accept the sender"),
        _("Check the address and the account in the sender’s settings."),
        (Phase.MAIL,),
        r"5\d\d",
    ),
    RefusalRule(
        MailTrouble.MESSAGE,
        _("The mail server takes this message for unwanted mail"),
        _(
            "Its rules, or those of the recipient’s company, refuse it. Change the template’s "
            "words, or send with another account. If it goes on, ask whoever runs the mail server."
        ),
        (Phase.DATA, Phase.BODY),
        r"5\d\d",
        enhanced=r"5\.7\.\d+",
        words=r"spam|unsolicited|policy|block(ed)? ?list|virus|rejected due to content",
    ),
    RefusalRule(
        MailTrouble.MESSAGE,
        _("The mail server refused the message"),
        _("Nobody got it. The server’s answer may tell why."),
        (Phase.DATA, Phase.BODY),
        r"5\d\d",
    ),
    # For now.
    RefusalRule(
        MailTrouble.LATER,
        _("The mail server asks to wait"),
        _("It checks senders that are new to it by letting them wait. The message is tried again."),
        _SENDING,
        r"4\d\d",
        enhanced=r"4\.2\.0|4\.7\.1",
        words=r"gr[ea]y ?-?list",
        wait=_GREYLIST_WAIT,
    ),
    RefusalRule(
        MailTrouble.LATER,
        _("The mail server asks to send more slowly"),
        _("Sending goes on by itself after a while."),
        (Phase.CONNECT, Phase.SIGN_IN, *_SENDING),
        r"4\d\d",
        enhanced=r"4\.7\.(28|5\d\d)|4\.3\.2",
        words=r"\brate|too many|too fast|throttl|concurrent|slow down|\blimit",
        wait=_BUSY_WAIT,
        is_for_account=True,
    ),
)

_ANY_LATER = RefusalRule(
    MailTrouble.LATER,
    _("The mail server can’t take the message now"),
    _("It asks to come back later. The message is tried again."),
    tuple(Phase),
    r"4\d\d",
    wait=_BUSY_WAIT,
)

# For MAIL and those before it there are rules. What is refused at RCPT concerns one recipient.
ANY_REFUSAL = RefusalRule(
    MailTrouble.ACCOUNT,
    _("The mail server refuses to go on"),
    _("The server’s answer may tell why. Nothing was sent."),
    tuple(Phase),
    r"5\d\d",
)


def rule_for(phase: Phase, answer: ServerAnswer, account: MailAccount) -> RefusalRule:
    """The first rule that applies to an answer 4xx or 5xx."""
    for rule in _RULES:
        if rule.applies(phase, answer, account):
            return rule
    return _ANY_LATER if answer.is_temporary else ANY_REFUSAL
