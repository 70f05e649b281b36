"""The sheet of one matter on paper, and its names and words erased before their day."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.supervision.views import DOCX, file_answer
from apps.voices import papers, sealing, words
from apps.voices.services import erasing, matters
from apps.voices.views import place
from apps.voices.views.matters import NOTHING_SAID, matter_of


@never_cache
@require_GET
def matter_word(request: HtmxRequest, organization: str, matter: str) -> HttpResponse:
    """Noted in the audit trail as a reading; the paper says who printed it."""
    place(request, organization)
    one = matter_of(request, organization, matter)
    read = matters.matter_read(matter=one, by=request.user)
    with translation.override("zh-hans"):
        history = [
            (
                event,
                str(words.STEPS[event.step].done),
                NOTHING_SAID | (sealing.opened("event", event.key, event.words_sealed) or {}),
            )
            for event in one.events.select_related("by")
        ]
        data = papers.register_docx(
            one, read, history, printed_by=str(request.user.person or request.user), today=request.today
        )
    return file_answer(data, DOCX, f"来访登记 {one.number}.docx")


@require_POST
def matter_erase(request: HtmxRequest, organization: str, matter: str) -> HttpResponse:
    place(request, organization)
    one = matter_of(request, organization, matter)
    try:
        erasing.matter_erase(matter=one, by=request.user, today=request.today)
        messages.success(request, _("Names and words are erased. What is counted stays."))
    except RuleBroken as error:
        messages.error(request, str(error))
    return redirect("voices:matter-detail", organization, matter)
