from django.urls import path

from apps.activities.views import answers, files, invited, log, past, planning, records, talks

app_name = "activities"
urlpatterns = [
    path("log/", log.log_choose, name="log-choose"),
    path("schedule/", invited.schedule, name="schedule"),
    path("e/<str:sitting>/", invited.sitting_detail, name="sitting-detail"),
    path("e/<str:sitting>/answer/", invited.sitting_answer, name="sitting-answer"),
    path("e/<str:sitting>/event.ics", invited.sitting_calendar, name="sitting-calendar"),
    path("b/<str:organization>/log/", log.log_start, name="log-start"),
    path("b/<str:organization>/log/restore/", log.log_restore, name="log-restore"),
    path("b/<str:organization>/log/<str:activity>/", log.log_edit, name="log-edit"),
    path("b/<str:organization>/log/<str:activity>/file/", log.log_file, name="log-file"),
    path("b/<str:organization>/log/<str:activity>/merge/", log.log_merge, name="log-merge"),
    path("b/<str:organization>/log/<str:activity>/discard/", log.log_discard, name="log-discard"),
    path("b/<str:organization>/schedule/", planning.sitting_list, name="sitting-list"),
    path("b/<str:organization>/schedule/plan/", planning.sitting_plan, name="sitting-plan"),
    path("b/<str:organization>/schedule/<str:sitting>/move/", planning.sitting_move, name="sitting-move"),
    path("b/<str:organization>/schedule/<str:sitting>/cancel/", planning.sitting_cancel, name="sitting-cancel"),
    path("b/<str:organization>/schedule/<str:sitting>/invite/", answers.sitting_invite, name="sitting-invite"),
    path("b/<str:organization>/schedule/<str:sitting>/told/", answers.sitting_told, name="sitting-told"),
    path("b/<str:organization>/meetings/", records.activity_list, name="activity-list"),
    path("b/<str:organization>/talks/", talks.talk_list, name="talk-list"),
    path("b/<str:organization>/meetings/import/", past.past_start, name="past-start"),
    path("b/<str:organization>/meetings/import/confirm/", past.past_confirm, name="past-confirm"),
    path("b/<str:organization>/meetings/import/template.xlsx", past.past_template, name="past-template"),
    path("b/<str:organization>/meetings/<str:activity>/", records.activity_detail, name="activity-detail"),
    path("b/<str:organization>/meetings/<str:activity>/correct/", records.activity_correct, name="activity-correct"),
    path("b/<str:organization>/meetings/<str:activity>/withdraw/", records.activity_withdraw, name="activity-withdraw"),
    path("b/<str:organization>/meetings/<str:activity>/sign/", records.activity_sign, name="activity-sign"),
    path("b/<str:organization>/meetings/<str:activity>/minutes.docx", records.minutes_paper, name="minutes-paper"),
    path("b/<str:organization>/meetings/<str:activity>/sign-in.docx", records.sign_in_paper, name="sign-in-paper"),
    path("b/<str:organization>/meetings/<str:activity>/files/add/", files.attachment_add, name="attachment-add"),
    path(
        "b/<str:organization>/meetings/<str:activity>/files/remove/", files.attachment_remove, name="attachment-remove"
    ),
    path("b/<str:organization>/files/<str:attachment>/", files.attachment_detail, name="attachment-detail"),
    path("b/<str:organization>/files/<str:attachment>/thumb/", files.attachment_thumb, name="attachment-thumb"),
]
