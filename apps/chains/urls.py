from django.urls import path

from apps.chains import views

app_name = "chains"
urlpatterns = [
    path("b/<str:organization>/way/<slug:kind>/<str:thing>/", views.chain_detail, name="chain-detail"),
]
