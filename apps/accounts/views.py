"""Activation and one's own settings. Sign-in and passwords are the library's views with our forms (`sign_in.py`)."""

from smtplib import SMTPException

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts import mail, services
from apps.accounts.adapter import minutes_left, try_again
from apps.accounts.forms import ActivationForm, EmailForm, SettingsForm, device_kept
from apps.core.errors import RuleBroken
from apps.core.http import HtmxRequest

ACTIVATION_RATE = {"activate": "30/m/ip,5/15m/key"}


@login_not_required  # who activates cannot sign in yet
@sensitive_post_parameters("code", "password1", "password2")
@never_cache
@require_http_methods(["GET", "POST"])
def activation_redeem(request: HtmxRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("/")
    if request.method == "GET":
        form = ActivationForm(initial={"username": request.GET.get("name", "")[:60]})
        return render(request, "account/activate.html", {"form": form})
    form, status = ActivationForm(request.POST), 422
    if form.is_valid():
        username = form.cleaned_data["username"].lower()
        limit = {"app": "allauth.account", "action": "activate", "key": username, "config": ACTIVATION_RATE}
        usage = ratelimit.consume(request, **limit)
        if not usage:
            form.add_error(None, try_again(minutes_left(request, "activate", username, ACTIVATION_RATE)))
            status = 429
        else:
            try:
                code = services.code_check(username=username, code=form.cleaned_data["code"], now=request.now)
                user = services.code_redeem(code=code, password=form.cleaned_data["password1"], now=request.now)
            except RuleBroken as error:
                form.add_error(None, str(error))
    if form.is_valid():
        usage.rollback()
        perform_login(request, Login(user=user))
        device_kept(request, is_shared=form.cleaned_data["is_shared"])
        messages.success(request, _("Your account is ready. From now on sign in with the user name and your password."))
        return redirect("/")
    return render(request, "account/activate.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def settings_detail(request: HtmxRequest) -> HttpResponse:
    """Language and text size here; address, password and sign-ins by link."""
    user = request.user
    if request.method == "POST":
        form = SettingsForm(request.POST, instance=user)
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect("accounts:settings-detail")
        status = 422
        user.refresh_from_db(fields=["language", "text_size"])
    else:
        form, status = SettingsForm(instance=user, initial=_looks(request)), 200
    return render(request, "accounts/settings.html", {"form": form}, status=status)


def _looks(request: HtmxRequest) -> dict[str, str]:
    """What is chosen now, where the account itself says nothing."""
    return {"language": request.user.language or get_language(), "text_size": request.user.text_size or "standard"}


@require_http_methods(["GET", "POST"])
def email_change(request: HtmxRequest) -> HttpResponse:
    form, status = EmailForm(), 200
    if request.method == "POST":
        form, status = EmailForm(request.POST), 422
        if form.is_valid():
            if not ratelimit.consume(request, app="allauth.account", action="mail", config={"mail": "5/h/user"}):
                form.add_error(None, _("Five mails an hour are the limit. Try again later."))
                status = 429
            else:
                try:
                    mail.email_confirmation(
                        user=request.user, email=form.cleaned_data["email"], language=get_language(),
                        site=request.build_absolute_uri("/"),
                    )  # fmt: skip
                except (SMTPException, OSError):
                    form.add_error(None, _("The mail could not be sent. Check the address, or try again later."))
        if form.is_valid():
            sent = {"email": form.cleaned_data["email"], "days": services.EMAIL_DAYS}
            messages.success(request, _("A link is on its way to %(email)s. Open it within %(days)d days.") % sent)
            return redirect("accounts:settings-detail")
    return render(request, "accounts/email_change.html", {"form": form}, status=status)


@require_POST
def email_remove(request: HtmxRequest) -> HttpResponse:
    services.email_remove(user=request.user)
    messages.success(request, _("The address is removed."))
    return redirect("accounts:settings-detail")


@login_not_required  # the link is opened where the mail is read, perhaps on another device
@never_cache
@require_http_methods(["GET", "POST"])
def email_confirm(request: HtmxRequest, token: str) -> HttpResponse:
    """A page with one button: programs that open links in mails beforehand change nothing."""
    try:
        if request.method == "POST":
            services.email_confirm(token=token, now=request.now)
            messages.success(request, _("The address is confirmed."))
            return redirect("accounts:settings-detail" if request.user.is_authenticated else "account_login")
        user, email = services.email_of(token)
    except RuleBroken as error:
        return render(request, "account/email_confirm.html", {"fault": str(error)}, status=error.status)
    return render(request, "account/email_confirm.html", {"fault": "", "email": email, "username": user.username})


@require_GET
def session_list(request: HtmxRequest) -> HttpResponse:
    """Browsers signed in now: where the session still lives. No record of when any of them was used."""
    mine = UserSession.objects.filter(user=request.user).order_by("-created_at")[:100]
    live = Session.objects.filter(session_key__in=[row.session_key for row in mine], expire_date__gt=request.now)
    keys = set(live.values_list("session_key", flat=True))
    rows = [row for row in mine if row.session_key in keys]
    return render(request, "accounts/session_list.html", {"rows": rows, "here": request.session.session_key})


@require_POST
def session_end(request: HtmxRequest, pk: int) -> HttpResponse:
    if services.session_end(user=request.user, pk=pk):
        messages.success(request, _("That browser is signed out."))
    return redirect("accounts:session-list")


@require_POST
def session_end_others(request: HtmxRequest) -> HttpResponse:
    services.sessions_end(user=request.user, but=request.session.session_key)
    messages.success(request, _("All other browsers are signed out."))
    return redirect("accounts:session-list")
