from django.apps import AppConfig


class BranchesConfig(AppConfig):
    name = "apps.branches"
    label = "branches"

    def ready(self) -> None:
        from apps.branches import forgetting, menus
        from apps.core import navigation, todo
        from apps.core.backup.registry import as_owner
        from apps.core.resealing import Column, columns

        navigation.providers.append(menus.entries)
        navigation.places.append(menus.places)
        navigation.menu_links.append(menus.own_account)
        todo.providers.append(menus.elections)
        columns.append(Column("branches.Person", "id_number_sealed", ("public_id",), "person:{}:id_number".format))
        as_owner.append(forgetting.on_prepared)
