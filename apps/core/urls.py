from django.urls import path

from apps.core import home, views

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("b/<str:place>/", home.home, name="place-home"),
    path("language/", views.language_set, name="language-set"),
    path("text-size/", views.text_size_set, name="text-size-set"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
