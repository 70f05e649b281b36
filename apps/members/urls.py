from django.urls import path

from apps.members.views import person, roster

app_name = "members"
BRANCH = "b/<str:organization>/members/"
ONE = BRANCH + "<str:public_id>/"
urlpatterns = [
    path("me/record/", person.person_own, name="person-own"),
    path(BRANCH, roster.roster_list, name="roster-list"),
    path(BRANCH + "export/", roster.roster_export, name="roster-export"),
    path(BRANCH + "new/", person.person_create, name="person-create"),
    path(ONE, person.person_detail, name="person-detail"),
    path(ONE + "edit/", person.person_change, name="person-change"),
    path(ONE + "id-number/", person.id_number_show, name="id-number-show"),
    path(ONE + "membership/", person.membership_change, name="membership-change"),
    path(ONE + "leave/", person.membership_end, name="membership-end"),
    path(ONE + "return/", person.member_return, name="member-return"),
]
