from django.apps import AppConfig


class BranchesConfig(AppConfig):
    name = "apps.branches"
    label = "branches"

    def ready(self) -> None:
        from apps.branches import forgetting, menus
        from apps.core import navigation, todo
        from apps.core.backup.registry import as_owner

        navigation.providers.append(menus.entries)
        navigation.places.append(menus.places)
        navigation.menu_links.append(menus.own_account)
        todo.providers.append(menus.elections)
        as_owner.append(forgetting.on_prepared)
