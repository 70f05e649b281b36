from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"
    label = "reports"

    def ready(self) -> None:
        from apps.branches import registry as branches
        from apps.core import home, navigation, sources, todo
        from apps.reports import links, menu, todos
        from apps.reports.desk import menu as desk_menu
        from apps.reports.desk import panels
        from apps.reports.reminding import Reports

        navigation.providers.extend([desk_menu.entries, menu.entries])
        home.panels.append(panels.panels)
        todo.providers.append(todos.todos)
        sources.sources.append(Reports())
        branches.page_links.extend([links.handover, links.participation])
