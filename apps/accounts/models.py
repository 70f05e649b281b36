"""Who signs in. What they may touch follows from posts and memberships (`apps.branches.reach`), never from here."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.ids import public_id

if TYPE_CHECKING:
    from apps.branches.reach import Reach


class UserManager(BaseUserManager["User"]):
    """Accounts are made by those who answer for them; nobody registers."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        """Without a password the account waits for its activation code."""
        user = self.model(username=self.model.normalize_username(username).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A login, at most one per person (`Person.user`)."""

    class TextSize(models.TextChoices):
        STANDARD = "standard", _("Standard")
        LARGE = "large", _("Large")
        XLARGE = "xlarge", _("Extra large")

    public_id = models.CharField(max_length=12, default=public_id, unique=True, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    email = models.EmailField(_("e-mail"), blank=True)
    email_confirmed_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=10, blank=True)
    text_size = models.CharField(max_length=10, blank=True, choices=TextSize)
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(_("administrator"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    last_login = None  # who was active when is nobody's business
    reach: "Reach"  # a request's user has it, from ReachMiddleware

    objects = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """The person's name, as the request's reach knows it; empty for an account without a person."""
        reach = getattr(self, "reach", None)
        return reach.person_name if reach else ""

    @property
    def is_activated(self) -> bool:
        return self.has_usable_password()


class ActivationCode(models.Model):
    """A one-time code handed over on paper or in person: first sign-in, or a lost password or phone.

    Only a keyed hash is kept. Making a new one ends the one before; both are logged.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="activation_codes")
    code_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(used_at=None), name="activation_code_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"
