from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "apps.members"
    label = "members"

    def ready(self) -> None:
        from apps.core import navigation, todo
        from apps.members import beginning, menu

        navigation.providers.append(menu.entries)
        navigation.searches.append(menu.search_of)
        todo.providers.append(beginning.first_steps)
