from datetime import datetime

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "apps.members"
    label = "members"

    def ready(self) -> None:
        from apps.core import navigation, todo
        from apps.core.backup import registry
        from apps.members import beginning, menu

        navigation.providers.append(menu.entries)
        navigation.searches.append(menu.search_of)
        todo.providers.append(beginning.first_steps)
        registry.afterwards.append(drop_imports_without_upload)


def drop_imports_without_upload(now: datetime) -> None:
    """Uploads are in no backup, and an import that is not finished is nothing without."""
    from apps.members.models import ImportBatch

    ImportBatch.objects.filter(finished_at=None).delete()
