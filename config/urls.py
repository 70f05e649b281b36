"""Every address. A new one needs its row in the access table of its app (tests/<app>/access.py)."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.core.urls")),
    path("", include("apps.activities.urls")),
]
