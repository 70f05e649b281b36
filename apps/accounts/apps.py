from datetime import datetime

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from apps.core.backup import registry

        registry.afterwards.append(void_codes)


def void_codes(now: datetime) -> None:
    """A code that was used after the backup would open its account a second time."""
    from apps.accounts.models import ActivationCode

    ActivationCode.objects.filter(used_at=None).delete()
