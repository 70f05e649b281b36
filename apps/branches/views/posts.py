"""Posts, groups, and members who are not counted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.branches import posts, rules, services, structure
from apps.branches.forms import EndForm, GroupForm, GroupNameForm, NotCountedForm, PostForm
from apps.branches.models import NotCounted, Person, Post
from apps.branches.views import refuse_unless, visible
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest


@require_http_methods(["GET", "POST"])
def post_create(request: HtmxRequest, organization: str) -> HttpResponse:
    at = visible(request, organization)
    kinds = rules.enterable_posts(request.user, at, request.today)
    refuse_unless(bool(kinds))
    options = {
        "kinds": kinds, "people": posts.candidates(request.user, at, request.today), "groups": at.groups.on(request.today),
        "may_add": posts.may_add(kinds), "may_name": posts.may_name(kinds),
    }  # fmt: skip
    form, status = PostForm(request.POST or None, initial={"starts_on": request.today}, **options), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                post = posts.post_enter(organization=at, by=request.user, today=request.today, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            words = {"name": post.person, "post": post.get_kind_display()}
            messages.success(request, _("%(name)s is entered: %(post)s.") % words)
            return redirect("branches:organization-detail", at.public_id)
    return render(request, "branches/post_create.html", {"organization": at, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def post_end(request: HtmxRequest, organization: str, pk: int) -> HttpResponse:
    at = visible(request, organization)
    post = get_object_or_404(Post.objects.select_related("person", "organization"), organization=at, pk=pk)
    refuse_unless(rules.can_enter_post(request.user, at, post.kind, post.person, request.today))
    form, status = EndForm(request.POST or None, initial={"ends_before": request.today}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.post_end(post=post, by=request.user, today=request.today, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            messages.success(request, _("The post of %(name)s is ended.") % {"name": post.person})
            return redirect("branches:organization-detail", at.public_id)
    return render(request, "branches/post_end.html", {"organization": at, "post": post, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def group_create(request: HtmxRequest, organization: str) -> HttpResponse:
    at = visible(request, organization)
    refuse_unless(rules.can_group(request.user, at))
    form, status = GroupForm(request.POST or None, initial={"starts_on": request.today}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.group_create(organization=at, by=request.user, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            messages.success(request, _("The group is set up. Members are put into it on the roster."))
            return redirect("branches:organization-detail", at.public_id)
    return render(request, "branches/group_create.html", {"organization": at, "form": form}, status=status)


@require_http_methods(["GET", "POST"])
def group_change(request: HtmxRequest, organization: str, group: str) -> HttpResponse:
    """Rename; the same page offers to close it."""
    at = visible(request, organization)
    refuse_unless(rules.can_group(request.user, at))
    row = get_object_or_404(at.groups.select_related("organization"), public_id=group)
    closing = request.method == "POST" and "ends_before" in request.POST
    form = GroupNameForm(None if closing else request.POST or None, initial={"name": row.name})
    end, status = EndForm(request.POST if closing else None, initial={"ends_before": request.today}), 200
    if request.method == "POST":
        sent, status = end if closing else form, 422
        if sent.is_valid():
            try:
                change = structure.group_close if closing else structure.group_change
                change(group=row, by=request.user, **sent.cleaned_data)
            except RuleBroken as error:
                sent.add_error(None, str(error))
                status = error.status
                row.refresh_from_db()
        if sent.is_valid():
            messages.success(request, _("Saved."))
            return redirect("branches:organization-detail", at.public_id)
    context = {"organization": at, "group": row, "form": form, "end": end}
    return render(request, "branches/group_change.html", context, status=status)


@require_http_methods(["GET", "POST"])
def not_counted_list(request: HtmxRequest, organization: str) -> HttpResponse:
    """Who is left out of the number that ought to attend, and the form for one more."""
    at = visible(request, organization)
    refuse_unless(at.is_branch and rules.can_leave_out(request.user, at))
    today = request.today
    people = Person.objects.visible_to(request.user, today).filter(organization=at).order_by("stroke_key", "pk")
    form, status = NotCountedForm(request.POST or None, people=people, initial={"starts_on": today}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                structure.not_counted_start(organization=at, by=request.user, today=today, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            messages.success(request, _("Saved."))
            return redirect("branches:not-counted-list", at.public_id)
    rows = (
        NotCounted.objects.filter(organization=at).select_related("person").order_by("ends_before", "-starts_on")[:100]
    )
    context = {"organization": at, "rows": list(rows), "form": form}
    return render(request, "branches/not_counted_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def not_counted_end(request: HtmxRequest, organization: str, pk: int) -> HttpResponse:
    at = visible(request, organization)
    refuse_unless(at.is_branch and rules.can_leave_out(request.user, at))
    row = get_object_or_404(NotCounted.objects.select_related("person", "organization"), organization=at, pk=pk)
    form, status = EndForm(request.POST or None, initial={"ends_before": request.today}), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                structure.not_counted_end(row=row, by=request.user, today=request.today, **form.cleaned_data)
            except RuleBroken as error:
                form.add_error(None, str(error))
                status = error.status
        if form.is_valid():
            messages.success(request, _("Saved."))
            return redirect("branches:not-counted-list", at.public_id)
    return render(
        request, "branches/not_counted_end.html", {"organization": at, "row": row, "form": form}, status=status
    )
