"""Reminders: one's own, how one wants them, and the outbox of whoever runs the system."""

from django.urls import path

from apps.reminders import health
from apps.reminders.views import outbox, own

app_name = "reminders"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("reminders/", own.reminder_list, name="list"),
    path("me/reminders/", own.preferences, name="settings"),
    path("reminders/outbox/", outbox.outbox, name="outbox"),
    path("reminders/outbox/test/", outbox.test_mail, name="test-mail"),
    path("reminders/outbox/release/", outbox.release, name="release"),
    path("reminders/outbox/<uuid:key>/retry/", outbox.delivery_retry, name="delivery-retry"),
    path("reminders/holidays/new/", outbox.holiday_create, name="holiday-create"),
    path("reminders/holidays/<int:pk>/delete/", outbox.holiday_delete, name="holiday-delete"),
]
