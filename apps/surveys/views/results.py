"""The result as a paper, and the branch's reply."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest
from apps.surveys import papers, results
from apps.surveys.forms import ReplyForm
from apps.surveys.models import Survey
from apps.surveys.services import editing
from apps.surveys.views.keeping import detail_page, survey_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_POST
def survey_reply(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    one = survey_of(request, organization, survey)
    form, status = ReplyForm(request.POST), 422
    if form.is_valid():
        try:
            editing.survey_reply(
                survey=one, by=request.user, today=request.today, reply=form.cleaned_data["reply"],
                version=form.cleaned_data["version"] or 0,
            )  # fmt: skip
            messages.success(request, _("The reply is published: those who were asked see it with the numbers."))
            return redirect("surveys:survey-detail", organization, survey)
        except RuleBroken as error:
            form.add_error(None, str(error))
            status = error.status
    return detail_page(request, one, reply=form, status=status)


@require_GET
def result_word(request: HtmxRequest, organization: str, survey: str) -> HttpResponse:
    """Papers are Chinese whatever the language of the screen."""
    one = survey_of(request, organization, survey)
    if one.state != Survey.State.CLOSED:
        messages.error(request, _("There are no results before the survey is closed."))
        return redirect("surveys:survey-detail", organization, survey)
    with translation.override("zh-hans"):
        data = papers.result_docx(one, results.read(one, list(one.questions.all()), with_texts=True))
    response = HttpResponse(data, content_type=WORD)
    response.headers["Content-Disposition"] = content_disposition_header(True, f"{one.title}.docx")
    return response
