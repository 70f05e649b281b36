from django.urls import path

from apps.duties.views import board, periods, rulebook, subtree

app_name = "duties"
AT = "b/<str:organization>/duties/"
ONE = AT + "<int:pk>/"
urlpatterns = [
    path(AT, board.board_detail, name="board-detail"),
    path(ONE, periods.period_detail, name="period-detail"),
    *(
        path(f"{ONE}{action}/", periods.period_decide, {"action": action}, f"period-{action}")
        for action in periods.ACTIONS
    ),
    path(AT + "branches/", subtree.subtree_list, name="subtree-list"),
    path(AT + "branches/excel/", subtree.subtree_export, name="subtree-export"),
    path(AT + "branches/waive/", subtree.subtree_waive, name="subtree-waive"),
    path(AT + "rules/", rulebook.rule_list, name="rule-list"),
    path(AT + "rules/add/", rulebook.rule_add, name="rule-add"),
    path(AT + "rules/<slug:slug>/", rulebook.rule_override, name="rule-override"),
    path(AT + "rules/<int:pk>/end/", rulebook.rule_end, name="rule-end"),
]
