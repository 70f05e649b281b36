"""Reminders: one's own and the branch's, calendars, robots, and the outbox of whoever runs the system."""

from django.urls import path

from apps.reminders import health
from apps.reminders.views import branch, calendars, outbox, own

app_name = "reminders"
AT = "b/<str:organization>/reminders/"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("reminders/", own.reminder_list, name="list"),
    path("me/reminders/", own.preferences, name="settings"),
    path("me/reminders/calendar/", calendars.own_issue, name="feed-issue"),
    path("me/reminders/calendar/revoke/", calendars.own_revoke, name="feed-revoke"),
    path("feeds/<str:secret>.ics", calendars.feed, name="feed"),
    path(AT, branch.branch_detail, name="branch"),
    path(AT + "calendar/", calendars.branch_issue, name="branch-feed-issue"),
    path(AT + "calendar/revoke/", calendars.branch_revoke, name="branch-feed-revoke"),
    path(AT + "robots/new/", branch.robot_create, name="robot-create"),
    path(AT + "robots/<int:pk>/remove/", branch.robot_remove, name="robot-remove"),
    path(AT + "robots/<int:pk>/test/", branch.robot_test, name="robot-test"),
    path("reminders/outbox/", outbox.outbox, name="outbox"),
    path("reminders/outbox/test/", outbox.test_mail, name="test-mail"),
    path("reminders/outbox/release/", outbox.release, name="release"),
    path("reminders/outbox/<uuid:key>/retry/", outbox.delivery_retry, name="delivery-retry"),
    path("reminders/outbox/<uuid:key>/discard/", outbox.delivery_discard, name="delivery-discard"),
    path("reminders/holidays/new/", outbox.holiday_create, name="holiday-create"),
    path("reminders/holidays/<int:pk>/delete/", outbox.holiday_delete, name="holiday-delete"),
]
