from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "apps.duties"
    label = "duties"

    def ready(self) -> None:
        from apps.activities import registry
        from apps.duties.services.recounting import recount

        registry.listeners.append(recount)
