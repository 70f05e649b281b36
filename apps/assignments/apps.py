from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "apps.assignments"
    label = "assignments"

    def ready(self) -> None:
        from apps.activities import registry
        from apps.assignments import home
        from apps.assignments.services.following import follow
        from apps.core import navigation, todo

        navigation.providers.append(home.navigation)
        todo.providers.append(home.todos)
        registry.listeners.append(follow)
