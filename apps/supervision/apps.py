from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "apps.supervision"
    label = "supervision"

    def ready(self) -> None:
        from apps.branches import registry
        from apps.supervision import following

        registry.move_listeners.append(following.follow)
