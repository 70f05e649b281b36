"""The Celery application and everything that happens by the clock.

Beat only ticks and tasks only wake up: due times live in rows, so a lost, doubled or late message changes nothing.
The table is code, not rows, so that a deployment cannot lose an entry.
"""

import os
from logging.config import dictConfig
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

app = Celery("zhibu")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def open_the_keyring(**_more: object) -> None:
    """As the web process does: better no worker than one that fails at its first sealed value."""
    from django.core.exceptions import ImproperlyConfigured

    from apps.core import keyring

    try:
        keyring.check()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from None  # Celery would log any other exception and go on


@setup_logging.connect
def configure_logging(**signal: Any) -> None:
    """Ours alone: Celery's own handlers print what an exception says, and that may quote what people wrote."""
    from django.conf import settings

    dictConfig(settings.LOGGING)


# Name: task by its full name, when (Asia/Shanghai), and `expires`, so that a broker that was away does not repeat itself.
app.conf.beat_schedule = {
    "purge-sessions": {
        "task": "apps.core.tasks.purge_sessions",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 3600},
    },
    "close-departed": {
        "task": "apps.branches.tasks.close_departed",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 3600},
    },
    "tend-imports": {
        "task": "apps.members.tasks.tend_imports",
        "schedule": crontab(minute="7-59/10"),
        "options": {"expires": 540},
    },
    # Often, so that a branch set up this morning sees its duties before noon; with nothing to do it is one look at a ledger.
    "materialise-duties": {
        "task": "apps.duties.tasks.materialise",
        "schedule": crontab(minute="2-59/10"),
        "options": {"expires": 540},
    },
    # Every minute, and gone before the next one: a broker that comes back after an hour does not do sixty.
    "remind": {
        "task": "apps.reminders.tasks.round_tick",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "deliver-reminders": {
        "task": "apps.reminders.tasks.deliver_tick",
        "schedule": crontab(),
        "options": {"expires": 55},
    },
    "settle-reminders": {
        "task": "apps.reminders.tasks.settle_tick",
        "schedule": crontab(hour="3", minute="40"),
        "options": {"expires": 3600},
    },
    "erase-voices": {
        "task": "apps.voices.tasks.erase_due",
        "schedule": crontab(hour="3", minute="50"),
        "options": {"expires": 3 * 3600},
    },
    # Early, so that whoever came into a post yesterday finds the reports before the digest says so.
    "follow-situation-reports": {
        "task": "apps.voices.tasks.follow_reports",
        "schedule": crontab(hour="4", minute="5"),
        "options": {"expires": 3 * 3600},
    },
    "lay-out-reports": {
        "task": "apps.reports.tasks.lay_out",
        "schedule": crontab(hour="0,6", minute="15"),
        "options": {"expires": 3600},
    },
    "close-surveys": {
        "task": "apps.surveys.tasks.close_overdue",
        "schedule": crontab(hour="0,6", minute="25"),
        "options": {"expires": 3600},
    },
    "reconcile-duties": {
        "task": "apps.duties.tasks.reconcile",
        "schedule": crontab(hour="2", minute="20"),
        "options": {"expires": 3 * 3600},
    },
    "reconcile-all-duties": {
        "task": "apps.duties.tasks.reconcile_everything",
        "schedule": crontab(day_of_month="2", hour="4", minute="20"),
        "options": {"expires": 12 * 3600},
    },
}
