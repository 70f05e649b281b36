from django.urls import path

from apps.reminders import health

app_name = "reminders"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]
