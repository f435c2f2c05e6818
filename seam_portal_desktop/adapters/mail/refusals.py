"""What a mail server's refusal means, in words, and whose trouble it is.

Only codes, and words that providers are known to use, are compared. The server's line is in the
error's `answer`; titles, messages and technical notes have nothing of it.
"""

from __future__ import annotations

from seam_portal_desktop.adapters.mail.answers import CLOSING, Phase, ServerAnswer
from seam_portal_desktop.adapters.mail.refusal_rules import ANY_REFUSAL, RefusalRule, rule_for
from seam_portal_desktop.domain.message.ports import MailError, MailTrouble
from seam_portal_desktop.domain.message.providers import wants_app_password
from seam_portal_desktop.domain.message.sender import MailAccount, SignIn
from seam_portal_desktop.texts import _

_SIGN_IN_FIRST = 530


class AccountBusyError(MailError):
    """The server asks the whole account to wait, for `retry_after` seconds."""


def refusal(phase: Phase, answer: ServerAnswer, account: MailAccount) -> MailError:
    """The error for an answer that ends the sending of a message for everybody.

    The server does not have the message. Other answers than 4xx and 5xx are `not_understood`.
    """
    if not answer.is_refusal:
        return not_understood(phase, answer)
    rule = rule_for(phase, answer, account)
    message = rule.message
    if phase is Phase.SIGN_IN and _hints_app_password(answer, account):
        message = _(
            "This provider wants an app password from programs, not the usual one. Make one in the "
            "security settings of the account, and enter it in the sender’s settings. What you "
            "entered was tried once, and is not tried again until you change it."
        )
    is_busy = rule.trouble is MailTrouble.LATER and (
        rule.is_for_account or answer.code == CLOSING or phase in (Phase.CONNECT, Phase.SIGN_IN)
    )
    kind = AccountBusyError if is_busy else MailError
    return kind(
        rule.title,
        message,
        technical=" ".join(filter(None, (phase, str(answer.code), answer.enhanced))),
        can_retry=rule.trouble is not MailTrouble.MESSAGE,
        trouble=rule.trouble,
        retry_after=_wait(rule, answer),
        answer=answer.line,
    )


def concerns_account(answer: ServerAnswer, account: MailAccount) -> bool:
    """Whether the refusal of one recipient would meet every other one too."""
    if answer.code in (CLOSING, _SIGN_IN_FIRST):
        return True
    # A temporary one may be about the recipient's mailbox, whatever its words.
    rule = rule_for(Phase.RCPT, answer, account)
    return answer.is_permanent and rule is not ANY_REFUSAL


def not_understood(phase: Phase, answer: ServerAnswer) -> MailError:
    """The error for an answer that isn't SMTP's. Before the message's first byte, that is."""
    is_first = phase in (Phase.CONNECT, Phase.EHLO)
    return MailError(
        _("What answered is no mail server")
        if is_first
        else _("The mail server’s answer is wrong"),
        _("Check the server’s name and port in the sender’s settings. Nothing was sent.")
        if is_first
        else _("It doesn’t follow the rules of mail servers. Nothing was sent."),
        technical=f"{phase}: unexpected answer",
        can_retry=True,
        trouble=MailTrouble.ACCOUNT if is_first else MailTrouble.NETWORK,
        answer=answer.line if answer.code >= 0 else "",
    )


def _wait(rule: RefusalRule, answer: ServerAnswer) -> float | None:
    if rule.trouble is not MailTrouble.LATER:
        return None
    return answer.named_wait or rule.wait


def _hints_app_password(answer: ServerAnswer, account: MailAccount) -> bool:
    return (
        account.sign_in is SignIn.PASSWORD
        and answer.code in (534, 535)
        and wants_app_password(account.host)
    )
