from django.urls import path

from apps.surveys.views import answering, keeping, results

app_name = "surveys"
AT = "b/<str:organization>/surveys/"
ONE = AT + "<str:survey>/"
urlpatterns = [
    path("surveys/", answering.survey_own, name="survey-own"),
    path("surveys/<str:survey>/", answering.survey_answer, name="survey-answer"),
    path("q/<str:token>/", answering.survey_link, name="survey-link"),
    path(AT, keeping.survey_list, name="survey-list"),
    path(AT + "new/", keeping.survey_create, name="survey-create"),
    path(ONE, keeping.survey_detail, name="survey-detail"),
    path(ONE + "edit/", keeping.survey_edit, name="survey-edit"),
    path(ONE + "open/", keeping.survey_open, name="survey-open"),
    path(ONE + "close/", keeping.survey_close, name="survey-close"),
    path(ONE + "copy/", keeping.survey_copy, name="survey-copy"),
    path(ONE + "delete/", keeping.survey_delete, name="survey-delete"),
    path(ONE + "sheet/", keeping.survey_sheet, name="survey-sheet"),
    path(ONE + "paper/", answering.survey_paper, name="survey-paper"),
    path(ONE + "reply/", results.survey_reply, name="survey-reply"),
    path(ONE + "result.docx", results.result_word, name="result-word"),
]
