from django.urls import path

from apps.supervision.views import help, ledger, rows, visits

LEDGER = "b/<str:organization>/rectifications/"
ROW = LEDGER + "<str:rectification>/"
VISITS = "b/<str:organization>/visits/"
VISIT = VISITS + "<str:visit>/"
HELP = "b/<str:organization>/help/"
PLAN = HELP + "<str:plan>/"

app_name = "supervision"
urlpatterns = [
    path(LEDGER, ledger.rectification_list, name="rectification-list"),
    path(LEDGER + "add/", ledger.rectification_add, name="rectification-add"),
    path(LEDGER + "accept/", ledger.rectification_accept, name="rectification-accept"),
    path(LEDGER + "ledger.xlsx", ledger.rectification_export, name="rectification-export"),
    path(LEDGER + "files/<str:proof>/", rows.proof_detail, name="proof-detail"),
    path(LEDGER + "files/<str:proof>/thumb/", rows.proof_thumb, name="proof-thumb"),
    path(LEDGER + "files/<str:proof>/remove/", rows.proof_remove, name="proof-remove"),
    path(ROW, rows.rectification_detail, name="rectification-detail"),
    path(ROW + "assign/", rows.rectification_assign, name="rectification-assign"),
    path(ROW + "measures/", rows.rectification_measures, name="rectification-measures"),
    path(ROW + "progress/", rows.rectification_progress, name="rectification-progress"),
    path(ROW + "ask/", rows.rectification_ask, name="rectification-ask"),
    path(ROW + "decide/", rows.rectification_decide, name="rectification-decide"),
    path(ROW + "change/", rows.rectification_change, name="rectification-change"),
    path(VISITS, visits.visit_list, name="visit-list"),
    path(VISITS + "plan/", visits.visit_plan, name="visit-plan"),
    path(VISITS + "photos/<str:photo>/", visits.photo_detail, name="photo-detail"),
    path(VISITS + "photos/<str:photo>/thumb/", visits.photo_thumb, name="photo-thumb"),
    path(VISIT, visits.visit_detail, name="visit-detail"),
    path(VISIT + "fill/", visits.visit_fill, name="visit-fill"),
    path(VISIT + "send/", visits.visit_send, name="visit-send"),
    path(VISIT + "cancel/", visits.visit_cancel, name="visit-cancel"),
    path(VISIT + "photos/", visits.visit_photos, name="visit-photos"),
    path(VISIT + "letter.docx", visits.visit_letter, name="visit-letter"),
    path(HELP, help.plan_list, name="help-list"),
    path(HELP + "set/", help.plan_set, name="help-set"),
    path(PLAN, help.plan_detail, name="help-detail"),
    path(PLAN + "note/", help.plan_note, name="help-note"),
    path(PLAN + "review/", help.plan_review, name="help-review"),
]
