from django.urls import path

from apps.branches.views import accounts, imports, liaisons, organizations, posts, tree

app_name = "branches"
urlpatterns = [
    path("organizations/", tree.organization_list, name="organization-list"),
    path("organizations/new/", organizations.organization_create, name="organization-create"),
    path("b/<str:organization>/organization/", organizations.organization_detail, name="organization-detail"),
    path("b/<str:organization>/organization/change/", organizations.organization_change, name="organization-change"),
    path("b/<str:organization>/organization/move/", organizations.organization_move, name="organization-move"),
    path(
        "b/<str:organization>/organization/dissolve/", organizations.organization_dissolve, name="organization-dissolve"
    ),
    path("b/<str:organization>/organization/import/", imports.import_start, name="import-start"),
    path("b/<str:organization>/organization/import/confirm/", imports.import_confirm, name="import-confirm"),
    path("b/<str:organization>/posts/new/", posts.post_create, name="post-create"),
    path("b/<str:organization>/posts/<int:pk>/end/", posts.post_end, name="post-end"),
    path("b/<str:organization>/groups/new/", posts.group_create, name="group-create"),
    path("b/<str:organization>/groups/<str:group>/change/", posts.group_change, name="group-change"),
    path("b/<str:organization>/not-counted/", posts.not_counted_list, name="not-counted-list"),
    path("b/<str:organization>/not-counted/<int:pk>/end/", posts.not_counted_end, name="not-counted-end"),
    path("b/<str:organization>/liaisons/", liaisons.liaison_list, name="liaison-list"),
    path("b/<str:organization>/accounts/", accounts.account_list, name="account-list"),
    path("b/<str:organization>/accounts/issue/", accounts.account_issue, name="account-issue"),
    path("b/<str:organization>/accounts/<str:person>/close/", accounts.account_close, name="account-close"),
    path("b/<str:organization>/accounts/<str:person>/reopen/", accounts.account_reopen, name="account-reopen"),
]
