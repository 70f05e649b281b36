"""What holds everywhere. Read from the environment once; a bad value fails at start."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from apps.core.logs import LINE  # standard library only, like the next three
from apps.core.mail_address import mail_settings
from apps.core.stack import broker
from apps.core.stack.postgres import socket_folder

BASE_DIR = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("ZHIBU_HOME") or BASE_DIR / "var").resolve()

# --- Database: PostgreSQL only. Without DATABASE_URL the embedded server in ZHIBU_HOME is used. ---------------------------
# Two roles: the owner migrates, the application role (no superuser, no UPDATE or DELETE on the audit trail) does the rest.
OWNER_ROLE, APP_ROLE = "zhibu_owner", "zhibu_app"


def database(url: str | None, owner_url: str | None, as_owner: bool) -> dict:
    """The one connection: from URLs where given, else the embedded server's socket.

    `as_owner` is for migrations alone. With a single URL that role migrates and serves.
    """
    if url:
        return dict(dj_database_url.parse((owner_url if as_owner else None) or url))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "zhibu",
        "USER": OWNER_ROLE if as_owner else APP_ROLE,
        "HOST": str(socket_folder(HOME / "postgres")),
        "PORT": "5432",
    }


AS_OWNER = os.environ.get("ZHIBU_AS_OWNER") == "1"
_urls = os.environ.get("DATABASE_URL"), os.environ.get("DATABASE_OWNER_URL")
OWNER_DATABASE, APP_DATABASE = database(*_urls, as_owner=True), database(*_urls, as_owner=False)
DATABASES = {"default": dict(OWNER_DATABASE if AS_OWNER else APP_DATABASE)}
# Migrations need no pool. A pooled connection is tried before use: the server may have been restarted since.
DATABASES["default"] |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": not AS_OWNER}
if not AS_OWNER:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 4, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications, in the order in which they may import each other -------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "apps.core",
    "apps.accounts",
    "apps.branches",
    "apps.members",
    "apps.activities",
    "apps.assignments",
    "apps.duties",
    "apps.reminders",
    "apps.supervision",
    "apps.surveys",
    "apps.voices",
    "apps.chains",
    "apps.reports",
    "apps.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.core.middleware.LanguageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "apps.core.middleware.TodayMiddleware",
    "apps.branches.middleware.ReachMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "apps.core.templatetags.components",
                "apps.core.templatetags.days",
            ],
        },
    }
]

# --- Language and time ----------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "zhibu_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Sign-in --------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address counts once its owner has confirmed it on the settings page
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "apps.accounts.forms.SignInForm",
    "change_password": "apps.accounts.forms.PasswordChangeForm",
    "reset_password": "apps.accounts.forms.PasswordResetForm",
    "reset_password_from_key": "apps.accounts.forms.PasswordResetKeyForm",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this browser stays; the adapter signs out the others
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to an address that nobody here has confirmed
ACCOUNT_PRESERVE_USERNAME_CASING = False  # stored in lower case, so that the look-up uses the index
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key"}
PASSWORD_RESET_TIMEOUT = 24 * 3600
USERSESSIONS_TRACK_ACTIVITY = False  # no log of who was active when: product red line
SESSION_COOKIE_AGE = 180 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "apps.core.views.csrf_failure"

# Rate limits of the sign-in are shared by all processes, so they live in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"}}

# --- Safety ---------------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
KEYRING = Path(os.environ.get("ZHIBU_KEYRING") or HOME / "keys")

# --- Files ----------------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = HOME / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Mail: a server by EMAIL_URL, else letters are laid down as files ----------------------------------------------------
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_TIMEOUT = 20  # seconds; a slow server is tried again
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "zhibu@localhost")
if _email_url := os.environ.get("EMAIL_URL"):
    globals().update(mail_settings(_email_url))
# What stands before the addresses in mails: the worker has no request to ask.
SITE_URL = os.environ.get("SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/")

# Addresses of group robots may not lead into our own network; tests have no other.
ROBOT_LOOPBACK = False

# --- Celery: wake-ups only ------------------------------------------------------------------------------------------------
# Without CELERY_BROKER_URL the queue lies in the same PostgreSQL, in a schema of its own that may be dropped at any time.
CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or broker.EMBEDDED
CELERY_BROKER_TRANSPORT_OPTIONS = broker.transport_options(CELERY_BROKER_URL, DATABASES["default"])
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = broker.prefetch_multiplier(CELERY_BROKER_URL)
CELERY_TASK_DEFAULT_QUEUE_TYPE = broker.queue_type(CELERY_BROKER_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = broker.LEASE_SECONDS - 10  # a task that outlives its lease would run twice
CELERY_TASK_SOFT_TIME_LIMIT = broker.LEASE_SECONDS - 30
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_TIMEZONE = TIME_ZONE

# --- Logs: what happened, never what people wrote -------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "apps.core.logs.PlainFormatter", "fmt": LINE}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # The framework's own handlers would mail what was posted to ADMINS.
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}

TEST_RUNNER = "django.test.runner.DiscoverRunner"
