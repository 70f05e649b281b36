from django.urls import path

from apps.core import views

app_name = "core"
urlpatterns = [
    path("language/", views.language_set, name="language-set"),
    path("text-size/", views.text_size_set, name="text-size-set"),
    path("styleguide/", views.styleguide, name="styleguide"),
]
