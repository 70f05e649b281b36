from django.urls import path

from apps.reports.desk import views

urlpatterns = [
    path("b/<str:organization>/quality/", views.quality_list, name="quality-list"),
    path("b/<str:organization>/participation/", views.participation_detail, name="participation-detail"),
    path("b/<str:organization>/coming/", views.coming_list, name="coming-list"),
]
