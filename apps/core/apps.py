from collections.abc import Iterable

from django.apps import AppConfig
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "apps.core"
    label = "core"

    def ready(self) -> None:
        from apps.core import navigation

        navigation.providers.append(home_item)


def home_item(request: HttpRequest) -> Iterable:
    """The way back to what there is to do."""
    from apps.core.navigation import NavItem

    if request.user.is_authenticated:
        name = request.resolver_match.view_name if request.resolver_match else ""
        active = name in ("core:home", "core:place-home")
        yield NavItem(_("Home"), reverse("core:home"), "home", active, order=0)
