from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "apps.activities"
    label = "activities"

    def ready(self) -> None:
        from apps.activities import home, own_record, panels, reminding
        from apps.core import home as home_page
        from apps.core import navigation, todo
        from apps.core.sources import sources as reminded
        from apps.members import registry

        navigation.providers.append(home.navigation)
        todo.providers.append(home.todos)
        home_page.panels.append(panels.panels)
        registry.own_panels.append(own_record.attendance_panel)
        reminded.extend([reminding.Meetings(), reminding.Changes(), reminding.Minutes()])
