from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "apps.surveys"
    label = "surveys"

    def ready(self) -> None:
        from apps.core import navigation, sources, todo
        from apps.core.resealing import columns
        from apps.surveys import menu, reminding, sealing, todos

        navigation.providers.append(menu.entries)
        columns.extend(sealing.COLUMNS)
        todo.questions.update(todos.QUESTIONS)
        sources.sources.append(reminding.Surveys())
