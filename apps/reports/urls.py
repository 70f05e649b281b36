from django.urls import include, path

app_name = "reports"
urlpatterns: list = [
    path("", include("apps.reports.desk.urls")),
    path("", include("apps.reports.handover.urls")),
]
