"""What comes over HTTP about one's own account."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User

SHARED_DEVICE = "shared_device"  # session key; the page shell keeps no drafts then
SHARED_LABEL = _("This is a shared computer")
SHARED_HINT = _("You are signed out when the browser is closed, and nothing you typed stays on it.")
PASSWORD_HINT = _("At least 10 characters, not only digits. A short sentence is easy to remember.")


def password_field(label: str, *, autocomplete: str = "new-password", hint: str = "") -> forms.CharField:
    """Blanks count, and nothing typed is ever sent back."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, help_text=hint)


def username_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=_("User name"), max_length=60, widget=widget)


def device_kept(request: HttpRequest, *, is_shared: bool) -> None:
    """A shared computer forgets with the browser, one's own stays signed in (SESSION_COOKIE_AGE)."""
    request.session[SHARED_DEVICE] = is_shared
    request.session.set_expiry(0 if is_shared else settings.SESSION_COOKIE_AGE)


class NewPassword(forms.Form):
    """Two fields that agree and pass the validators; `user` is whose password it becomes."""

    password1 = password_field(_("New password"), hint=PASSWORD_HINT)
    password2 = password_field(_("New password again"))
    user: User | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type the same one twice."))
        elif first:
            try:
                password_validation.validate_password(first, self.user)
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class SignInForm(allauth_forms.LoginForm):
    """User name and password."""

    is_shared = forms.BooleanField(label=SHARED_LABEL, help_text=SHARED_HINT, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["remember"]
        self.fields["login"] = username_field()
        self.fields["password"] = password_field(_("Password"), autocomplete="current-password")
        self.order_fields(["login", "password", "is_shared"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.user and not self.user.is_active:  # the password was right, so this tells its owner alone
            raise ValidationError(_("This account is closed. Your branch secretary can open it again."), code="closed")
        return data

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        self.cleaned_data["remember"] = True
        response = super().login(request, redirect_url)
        device_kept(request, is_shared=self.cleaned_data["is_shared"])
        return response


class PasswordChangeForm(NewPassword):
    """One's own password, while signed in."""

    oldpassword = password_field(_("Present password"), autocomplete="current-password")
    field_order = ["oldpassword", "password1", "password2"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_oldpassword(self) -> str:
        if not self.user.check_password(self.cleaned_data["oldpassword"]):
            raise get_adapter().validation_error("enter_current_password")
        return self.cleaned_data["oldpassword"]

    def save(self) -> None:
        get_adapter().set_password(self.user, self.cleaned_data["password1"])


class PasswordResetKeyForm(NewPassword):
    """Behind the link from the mail."""

    def __init__(self, *args: Any, user: User | None = None, temp_key: str = "", **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def save(self) -> None:
        get_adapter().set_password(self.user, self.cleaned_data["password1"])


class PasswordResetForm(allauth_forms.ResetPasswordForm):
    """A link goes only to an address its owner has confirmed; the page says the same for every address."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        confirmed = User.objects.filter(email=email, is_active=True).exclude(email_confirmed_at=None)
        self.users = [user for user in confirmed[:5] if user.is_activated]
        return email


class ActivationForm(NewPassword):
    """User name and code from the slip, and a password of one's own."""

    username = username_field()
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("The 10 characters on the slip. Hyphen and capitals do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    is_shared = forms.BooleanField(label=SHARED_LABEL, help_text=SHARED_HINT, required=False)
    field_order = ["username", "code", "password1", "password2", "is_shared"]

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].strip()
        self.user = User(username=username)  # for the validator that compares password and name
        return username


class SettingsForm(forms.ModelForm):
    """How the pages look for this person, on every device."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
    text_size = forms.ChoiceField(label=_("Text size"), choices=User.TextSize.choices, widget=forms.RadioSelect)

    class Meta:
        model = User
        fields = ["language", "text_size"]


class EmailForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("For reminders and for a new password. It counts once you have opened the link we send there."),
    )  # fmt: skip

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()
