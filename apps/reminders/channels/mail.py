"""Mail: plain text, titles and dates alone, to the address its owner confirmed."""

import smtplib
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from apps.reminders.channels import Refused, Unreachable

if TYPE_CHECKING:
    from apps.reminders.letters import Letter
    from apps.reminders.models import Delivery

PERMANENT = 500  # SMTP answers from here on will be the same tomorrow


def message_of(letter: "Letter") -> EmailMessage:
    """The key makes the Message-ID: a second try of the same letter is recognised as the same mail."""
    subject = ngettext("%(count)d thing to do", "%(count)d things to do", len(letter.said)) % {
        "count": len(letter.said)
    }
    lines = [
        {
            "title": one.line.title,
            "when": one.line.when,
            "place": one.place,
            "url": urljoin(settings.SITE_URL, one.line.url),
        }
        for one in letter.said
    ]
    context = {"lines": lines, "settings_url": urljoin(settings.SITE_URL, reverse("reminders:settings"))}
    body = render_to_string("reminders/mail/digest.txt", context)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{letter.key}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, body, None, [letter.address], headers=headers)


def send(delivery: "Delivery", letter: "Letter") -> None:
    """Refused where this address will never take it; Unreachable where the server is away, slow, or does not know us.

    A refused sign-in is the system's fault and not the reader's, so it is tried again.
    """
    try:
        message_of(letter).send()
    except smtplib.SMTPRecipientsRefused as problem:
        code = max((code for code, _text in problem.recipients.values()), default=0)
        raise (Refused if code >= PERMANENT else Unreachable)(f"smtp-{code}") from None
    except smtplib.SMTPDataError as problem:
        raise (Refused if problem.smtp_code >= PERMANENT else Unreachable)(f"smtp-{problem.smtp_code}") from None
    except smtplib.SMTPResponseException as problem:
        raise Unreachable(f"smtp-{problem.smtp_code}") from None
    except TimeoutError:
        raise Unreachable("timeout") from None
    except (smtplib.SMTPException, OSError) as problem:
        raise Unreachable(f"mail-{type(problem).__name__}") from None
