from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "apps.duties"
    label = "duties"

    def ready(self) -> None:
        from apps.activities import registry
        from apps.core import todo
        from apps.duties import sources
        from apps.duties.services.recounting import recount

        registry.listeners.append(recount)
        registry.owed_kinds.append(sources.owed_kinds)
        registry.fulfilments.append(sources.fulfilments)
        todo.providers.append(sources.todos)
