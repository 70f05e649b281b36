from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "apps.duties"
    label = "duties"

    def ready(self) -> None:
        from apps.activities import registry
        from apps.branches import registry as branches
        from apps.core import home, navigation, todo
        from apps.core.sources import sources as reminded
        from apps.duties import menu, panels, reminding, sources
        from apps.duties.services.at_once import changed
        from apps.duties.services.following import follow
        from apps.duties.services.recounting import recount

        registry.listeners.append(recount)
        registry.owed_kinds.append(sources.owed_kinds)
        registry.fulfilments.append(sources.fulfilments)
        todo.providers.append(sources.todos)
        home.panels.append(panels.panels)
        branches.move_listeners.append(follow)
        branches.structure_listeners.append(changed)
        navigation.providers.append(menu.entries)
        reminded.extend([reminding.Duties(), reminding.Help()])
