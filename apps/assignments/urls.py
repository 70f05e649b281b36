from django.urls import path

from apps.assignments import views

app_name = "assignments"
urlpatterns = [
    path("assignments/", views.assignment_mine, name="assignment-mine"),
    path("b/<slug:organization>/assignments/", views.assignment_list, name="assignment-list"),
    path("b/<slug:organization>/assignments/new/", views.assignment_new, name="assignment-new"),
    path("b/<slug:organization>/assignments/<slug:assignment>/", views.assignment_detail, name="assignment-detail"),
    path(
        "b/<slug:organization>/assignments/<slug:assignment>/<slug:act>/", views.assignment_act, name="assignment-act"
    ),
]
