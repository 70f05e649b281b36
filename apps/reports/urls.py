from django.urls import include, path

from apps.reports.views import review, writing

app_name = "reports"
AT = "b/<str:organization>/reports/"
ONE = AT + "<str:period>/"
REVIEW = "b/<str:organization>/review/"
OPENED = REVIEW + "<str:place>/<str:period>/"
urlpatterns: list = [
    path("", include("apps.reports.desk.urls")),
    path("", include("apps.reports.handover.urls")),
    path(AT, writing.report_list, name="report-list"),
    path(ONE, writing.report_detail, name="report-detail"),
    path(ONE + "write/", writing.report_write, name="report-write"),
    path(ONE + "submit/", writing.report_submit, name="report-submit"),
    path(ONE + "withdraw/", writing.report_withdraw, name="report-withdraw"),
    path(ONE + "figures/<str:figure>/", writing.figure_rows, name="figure-rows"),
    path(ONE + "report.docx", writing.report_word, name="report-word"),
    path(ONE + "figures.xlsx", writing.report_excel, name="report-excel"),
    path(REVIEW, review.review_queue, name="review-queue"),
    path(REVIEW + "sentences/", review.sentence_list, name="sentence-list"),
    path(REVIEW + "sentences/<str:sentence>/remove/", review.sentence_remove, name="sentence-remove"),
    path(OPENED, review.review_detail, name="review-detail"),
    path(OPENED + "approve/", review.review_approve, name="review-approve"),
    path(OPENED + "return/", review.review_return, name="review-return"),
    path(OPENED + "aside/", review.review_aside, name="review-aside"),
    path(OPENED + "undo/", review.review_undo, name="review-undo"),
]
