from django.apps import AppConfig


class AssignmentsConfig(AppConfig):
    name = "apps.assignments"
    label = "assignments"

    def ready(self) -> None:
        from apps.activities import registry
        from apps.assignments import agenda, home, reminding
        from apps.assignments.services.following import follow
        from apps.core import navigation, related, todo
        from apps.core.sources import sources as reminded

        navigation.providers.append(home.navigation)
        related.offers.append(home.give)
        todo.questions.update(home.QUESTIONS)
        registry.listeners.append(follow)
        registry.agenda_sources.append(agenda.unfinished)
        reminded.append(reminding.Assignments())
