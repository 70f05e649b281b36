from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"
    label = "reports"

    def ready(self) -> None:
        from apps.branches import registry as branches
        from apps.core import home, navigation
        from apps.reports import links
        from apps.reports.desk import menu, panels

        navigation.providers.append(menu.entries)
        home.panels.append(panels.panels)
        branches.page_links.extend([links.handover, links.participation])
