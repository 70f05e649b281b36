"""Every address. A new one needs its row in the access table of its app (tests/<app>/access.py)."""

from django.urls import include, path

urlpatterns = [
    path("", include("apps.core.urls")),
    path("accounts/", include("apps.accounts.sign_in")),
    path("", include("apps.accounts.urls")),
    path("", include("apps.branches.urls")),
    path("", include("apps.members.urls")),
    path("", include("apps.activities.urls")),
    path("", include("apps.assignments.urls")),
    path("", include("apps.duties.urls")),
    path("", include("apps.reminders.urls")),
    path("", include("apps.supervision.urls")),
    path("", include("apps.surveys.urls")),
    path("", include("apps.voices.urls")),
    path("", include("apps.chains.urls")),
    path("", include("apps.reports.urls")),
]

handler400 = "apps.core.views.bad_request"
handler500 = "apps.core.views.server_error"
