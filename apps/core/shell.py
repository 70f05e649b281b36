"""What every page needs around its content, as a context processor. Nothing is asked before a template prints it."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from apps.core import navigation as nav

TEXT_SIZES = ("standard", "large", "xlarge")
TEXT_COOKIE = "zhibu_text"


def text_size(request: HttpRequest) -> str:
    """The person's own choice, else the device's; "standard" for anything unknown."""
    # An error raised in an early middleware has no user.
    chosen = getattr(getattr(request, "user", None), "text_size", "") or request.COOKIES.get(TEXT_COOKIE)
    return chosen if chosen in TEXT_SIZES else "standard"


def shell(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    places = SimpleLazyObject(lambda: [place for ask in nav.places if signed_in for place in ask(request)])
    return {
        "nav": SimpleLazyObject(lambda: nav.navigation(request)),
        "places": places,
        "place": SimpleLazyObject(lambda: next((place for place in places if place.active), None)),
        "menu_links": SimpleLazyObject(lambda: [link for ask in nav.menu_links if signed_in for link in ask(request)]),
        "search_url": SimpleLazyObject(lambda: next(filter(None, (ask(request) for ask in nav.searches)), "")),
        "html_lang": "en" if get_language() == "en" else "zh-CN",
        "text_size": SimpleLazyObject(lambda: text_size(request)),
        "current_path": request.get_full_path(),
        "today": getattr(request, "today", None),
        # On a shared computer nothing of what was typed stays in the browser.
        "keep_drafts": SimpleLazyObject(lambda: signed_in and not request.session.get("shared_device", False)),
    }
