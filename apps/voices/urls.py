from django.urls import path

from apps.voices.views import days, matters, reports, state

app_name = "voices"
AT = "b/<str:organization>/voices/"
MATTER = AT + "matters/<str:matter>/"
REPORT = AT + "reports/<str:report>/"
urlpatterns = [
    path("visit/", state.state_ask, name="state-ask"),
    path("visit/<str:door>/", days.public_days, name="public-days"),
    path(AT, days.day_list, name="day-list"),
    path(AT + "days/add/", days.day_add, name="day-add"),
    path(AT + "days/<int:pk>/cancel/", days.day_cancel, name="day-cancel"),
    path(AT + "terms/", days.terms_edit, name="terms-edit"),
    path(AT + "matters/", matters.matter_list, name="matter-list"),
    path(AT + "matters/add/", matters.matter_add, name="matter-add"),
    path(AT + "matters/take-over/", matters.matters_take_over, name="matters-take-over"),
    path(MATTER, matters.matter_detail, name="matter-detail"),
    path(MATTER + "hand-over/", matters.matter_hand_over, name="matter-hand-over"),
    path(MATTER + "satisfaction/", matters.matter_satisfaction, name="matter-satisfaction"),
    path(MATTER + "code/", matters.code_renew, name="code-renew"),
    path(MATTER + "step/<slug:step>/", matters.matter_step, name="matter-step"),
    path(AT + "reports/", reports.report_list, name="report-list"),
    path(AT + "reports/add/", reports.report_add, name="report-add"),
    path(REPORT, reports.report_detail, name="report-detail"),
    *(
        path(f"{REPORT}{action}/", reports.report_act, {"action": action}, f"report-{action}")
        for action in reports.ACTIONS
    ),
]
