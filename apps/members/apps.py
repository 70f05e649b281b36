from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "apps.members"
    label = "members"

    def ready(self) -> None:
        from apps.core import navigation
        from apps.members import menu

        navigation.providers.append(menu.entries)
        navigation.searches.append(menu.search_of)
