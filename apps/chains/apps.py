from django.apps import AppConfig


class ChainsConfig(AppConfig):
    name = "apps.chains"
    label = "chains"

    def ready(self) -> None:
        from apps.chains import linking
        from apps.core import related

        related.offers.append(linking.offer)
        related.listeners.append(linking.note)
