from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "apps.supervision"
    label = "supervision"

    def ready(self) -> None:
        from apps.branches import registry
        from apps.core import navigation, related, todo
        from apps.core.sources import sources as reminded
        from apps.supervision import following, home, menu, reminding

        navigation.providers.append(menu.entries)
        related.offers.append(menu.rectify)
        todo.questions.update(home.QUESTIONS)
        registry.move_listeners.append(following.follow)
        reminded.append(reminding.Rectifications())
