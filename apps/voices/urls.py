from django.urls import path

from apps.voices.views import box, days, helping, matters, register, reports, state

app_name = "voices"
AT = "b/<str:organization>/voices/"
MATTER = AT + "matters/<str:matter>/"
REPORT = AT + "reports/<str:report>/"
BOX = AT + "box/<str:suggestion>/"
HELP = AT + "help/<str:help>/"
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
    path(MATTER + "register.docx", register.matter_word, name="matter-word"),
    path(MATTER + "erase/", register.matter_erase, name="matter-erase"),
    path(MATTER + "code/", matters.code_renew, name="code-renew"),
    path(MATTER + "step/<slug:step>/", matters.matter_step, name="matter-step"),
    path(AT + "reports/", reports.report_list, name="report-list"),
    path(AT + "reports/add/", reports.report_add, name="report-add"),
    path(REPORT, reports.report_detail, name="report-detail"),
    *(
        path(f"{REPORT}{action}/", reports.report_act, {"action": action}, f"report-{action}")
        for action in reports.ACTIONS
    ),
    path(AT + "box/", box.suggestion_list, name="suggestion-list"),
    path(AT + "box/add/", box.suggestion_add, name="suggestion-add"),
    path(BOX, box.suggestion_detail, name="suggestion-detail"),
    path(BOX + "answer/", box.suggestion_answer, name="suggestion-answer"),
    path(BOX + "change/", box.suggestion_change, name="suggestion-change"),
    path(AT + "help/", helping.help_list, name="help-list"),
    path(AT + "help/add/", helping.help_add, name="help-add"),
    path(HELP, helping.help_detail, name="help-detail"),
    path(AT + "changed/", helping.changed, name="changed"),
]
