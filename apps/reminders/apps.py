from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "apps.reminders"
    label = "reminders"

    def ready(self) -> None:
        from celery.signals import task_postrun, task_prerun

        from apps.activities import registry
        from apps.assignments.registry import nudge_listeners
        from apps.core import navigation
        from apps.reminders import menus
        from apps.reminders.heartbeat import worker_is_alive
        from apps.reminders.services.announcing import on_scheduled
        from apps.reminders.services.nudging import on_nudged

        registry.schedule_listeners.append(on_scheduled)
        nudge_listeners.append(on_nudged)
        navigation.menu_links.append(menus.links)
        task_prerun.connect(worker_is_alive, dispatch_uid="reminders-alive-before")
        task_postrun.connect(worker_is_alive, dispatch_uid="reminders-alive-after")
