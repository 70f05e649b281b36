from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "apps.assignments"
    label = "assignments"

    def ready(self) -> None:
        from apps.activities import registry
        from apps.assignments.services.following import follow

        registry.listeners.append(follow)
