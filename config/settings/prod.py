"""A server: every secret from the environment, HTTPS only, no demo, no set clock."""

import os

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403

DEBUG = False
if not (SECRET_KEY := os.environ.get("SECRET_KEY", "")):
    raise ImproperlyConfigured("Set SECRET_KEY.")
if os.environ.get("ZHIBU_NOW"):
    raise ImproperlyConfigured("ZHIBU_NOW is for tests; unset it.")
ALLOWED_HOSTS = list(filter(None, os.environ.get("ALLOWED_HOSTS", "").split(",")))
if ALLOWED_HOSTS and not os.environ.get("SITE_URL"):
    SITE_URL = f"https://{ALLOWED_HOSTS[0]}/"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
DEMO_ALLOWED = False
CLOCK_MAY_BE_SET = False
