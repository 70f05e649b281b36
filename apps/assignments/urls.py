from django.urls import path

from apps.assignments.views import lists, one, requests

app_name = "assignments"
urlpatterns = [
    path("assignments/", lists.assignment_mine, name="assignment-mine"),
    path("b/<slug:organization>/assignments/", lists.assignment_list, name="assignment-list"),
    path("b/<slug:organization>/assignments/new/", lists.assignment_new, name="assignment-new"),
    path("b/<slug:organization>/requests/", requests.request_list, name="request-list"),
    path("b/<slug:organization>/requests/new/", requests.request_new, name="request-new"),
    path("b/<slug:organization>/requests/<slug:rollup>/", requests.request_detail, name="request-detail"),
    path("b/<slug:organization>/requests/<slug:rollup>/excel/", requests.request_export, name="request-export"),
    path("b/<slug:organization>/requests/<slug:rollup>/all/", requests.request_act, name="request-act"),
    path("b/<slug:organization>/assignments/<slug:assignment>/", one.assignment_detail, name="assignment-detail"),
    path(
        "b/<slug:organization>/assignments/<slug:assignment>/files/<slug:evidence>/", one.evidence_detail,
        name="evidence-detail",
    ),
    path("b/<slug:organization>/assignments/<slug:assignment>/<slug:act>/", one.assignment_act, name="assignment-act"),
]  # fmt: skip
