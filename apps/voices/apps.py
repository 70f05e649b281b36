from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "apps.voices"
    label = "voices"

    def ready(self) -> None:
        from apps.core import navigation, related, todo
        from apps.core.backup.registry import afterwards
        from apps.core.resealing import columns
        from apps.core.sources import sources
        from apps.voices import menu, reminding, restored, sealing, todos

        navigation.providers.append(menu.entries)
        related.offers.append(menu.upward)
        todo.questions.update(todos.QUESTIONS)
        columns.extend(sealing.COLUMNS)
        afterwards.append(restored.again)
        sources.extend([reminding.Matters(), reminding.Situations(), reminding.Suggestions(), reminding.Needs()])
