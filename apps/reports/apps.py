from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "apps.reports"
    label = "reports"

    def ready(self) -> None:
        from apps.branches import registry as branches
        from apps.reports.handover import links

        branches.page_links.append(links.handover)
