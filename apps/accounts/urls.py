"""One's own account. The library's addresses are in `sign_in.py`, without a namespace, as it expects them."""

from django.urls import path

from apps.accounts import views

app_name = "accounts"
urlpatterns = [
    path("activate/", views.activation_redeem, name="activation-redeem"),
    path("me/settings/", views.settings_detail, name="settings-detail"),
    path("me/email/", views.email_change, name="email-change"),
    path("me/email/remove/", views.email_remove, name="email-remove"),
    path("me/email/confirm/<str:token>/", views.email_confirm, name="email-confirm"),
    path("me/sessions/", views.session_list, name="session-list"),
    path("me/sessions/<int:pk>/end/", views.session_end, name="session-end"),
    path("me/sessions/end-others/", views.session_end_others, name="session-end-others"),
]
