from django.urls import path

from apps.reports.handover import views

AT = "b/<str:organization>/handover/"
urlpatterns = [
    path(AT, views.handover_pack, name="handover-pack"),
    path(AT + "change/", views.handover_change, name="handover-change"),
    path(AT + "handover.docx", views.handover_paper, name="handover-paper"),
]
