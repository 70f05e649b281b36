from datetime import datetime

from django.apps import AppConfig

# A worker that comes up while the rest is being prepared finds the switch thrown already.
HOLD = """
INSERT INTO public.reminders_outsideswitch (id, is_held, held_at, reason) VALUES (1, true, now(), 'restore')
ON CONFLICT (id) DO UPDATE
SET is_held = true, held_at = now(), reason = 'restore', released_at = NULL, released_by_id = NULL
"""


class RemindersConfig(AppConfig):
    name = "apps.reminders"
    label = "reminders"

    def ready(self) -> None:
        from celery.signals import beat_init, task_postrun, task_prerun, worker_ready

        from apps.activities import registry
        from apps.assignments.registry import nudge_listeners
        from apps.core import navigation
        from apps.core.backup.registry import Inside, afterwards, inside
        from apps.core.resealing import Column, columns
        from apps.reminders import menus
        from apps.reminders.heartbeat import beat_begins, worker_is_alive
        from apps.reminders.services.announcing import on_scheduled
        from apps.reminders.services.nudging import on_nudged
        from apps.reminders.watching import watch

        registry.schedule_listeners.append(on_scheduled)
        nudge_listeners.append(on_nudged)
        navigation.menu_links.append(menus.links)
        worker_ready.connect(watch, dispatch_uid="reminders-watch")
        beat_init.connect(beat_begins, dispatch_uid="reminders-beat-begins")
        task_prerun.connect(worker_is_alive, dispatch_uid="reminders-alive-before")
        task_postrun.connect(worker_is_alive, dispatch_uid="reminders-alive-after")
        columns.append(Column("reminders.Robot", "url_sealed", ("token",), "robot:{}:url".format))
        inside.append(Inside("public.reminders_outsideswitch", HOLD))
        afterwards.append(hold)


def hold(now: datetime) -> None:
    """Also where the backup is older than the switch."""
    from apps.reminders.services import switching

    switching.hold(reason="restore")
