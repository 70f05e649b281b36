from django.urls import path

from apps.members.views import imports, person, roster

app_name = "members"
BRANCH = "b/<str:organization>/members/"
BATCH = BRANCH + "import/<str:batch>/"
ONE = BRANCH + "<str:public_id>/"
urlpatterns = [
    path("me/record/", person.person_own, name="person-own"),
    path(BRANCH, roster.roster_list, name="roster-list"),
    path(BRANCH + "export/", roster.roster_export, name="roster-export"),
    path(BRANCH + "new/", person.person_create, name="person-create"),
    path(BRANCH + "import/", imports.import_start, name="import-start"),
    path(BATCH, imports.import_detail, name="import-detail"),
    path(BATCH + "columns/", imports.import_columns, name="import-columns"),
    path(BATCH + "confirm/", imports.import_confirm, name="import-confirm"),
    path(BATCH + "progress/", imports.import_progress, name="import-progress"),
    path(BATCH + "problems/", imports.import_problems, name="import-problems"),
    path(BATCH + "undo/", imports.import_undo, name="import-undo"),
    path(BATCH + "discard/", imports.import_discard, name="import-discard"),
    path(ONE, person.person_detail, name="person-detail"),
    path(ONE + "edit/", person.person_change, name="person-change"),
    path(ONE + "id-number/", person.id_number_show, name="id-number-show"),
    path(ONE + "membership/", person.membership_change, name="membership-change"),
    path(ONE + "leave/", person.membership_end, name="membership-end"),
    path(ONE + "return/", person.member_return, name="member-return"),
]
