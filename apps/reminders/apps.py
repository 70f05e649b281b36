from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "apps.reminders"
    label = "reminders"

    def ready(self) -> None:
        from celery.signals import beat_init, task_postrun, task_prerun, worker_ready

        from apps.activities import registry
        from apps.core import navigation
        from apps.reminders import menus
        from apps.reminders.heartbeat import beat_begins, worker_is_alive
        from apps.reminders.services.announcing import on_scheduled
        from apps.reminders.watching import watch

        registry.schedule_listeners.append(on_scheduled)
        navigation.menu_links.append(menus.links)
        worker_ready.connect(watch, dispatch_uid="reminders-watch")
        beat_init.connect(beat_begins, dispatch_uid="reminders-beat-begins")
        task_prerun.connect(worker_is_alive, dispatch_uid="reminders-alive-before")
        task_postrun.connect(worker_is_alive, dispatch_uid="reminders-alive-after")
