"""Settings. Importing them starts nothing and opens no connection; every switch is an environment variable."""

import os
from pathlib import Path

from config import db_env

BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = os.environ.get("FENQI_DEBUG") == "1"

SECRET_KEY = db_env.read("FENQI_SECRET_KEY", "only-for-checks-that-need-no-secret-0123456789abcdef0123456789abcdef")
# Newest first: the first signs, all verify. "id:secret" pairs, comma separated; the default derives from the secret key.
FENQI_SIGNING_KEYS = db_env.read("FENQI_SIGNING_KEYS", f"k1:{SECRET_KEY}")
# Buyers are compared by a keyed hash; changing this forgets what each person claimed.
FENQI_BUYER_PEPPER = db_env.read("FENQI_BUYER_PEPPER", SECRET_KEY)
FENQI_BASE_URL = db_env.read("FENQI_BASE_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = os.environ.get("FENQI_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [FENQI_BASE_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "djmoney",
    "rest_framework",
    "django_htmx",
    "csp",
    "foundation",
    "merchants",
    "promotions",
    "settlements",
    "installments",
    "portal",
]

# The API's paths carry none of session, CSRF, message, auth and locale: foundation.middleware skips them for /v1.
MIDDLEWARE = ["foundation.middleware.ApiShortCircuit"]
PORTAL_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.PlainAddress",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "portal.context.shell",
            ],
            "libraries": {"fenqi": "portal.templatetags.fenqi"},
        },
    }
]

# Each alias is a role of its own (docs/decisions/0002): the web can neither own tables nor walk past row-level security.
DATABASES = {
    "default": db_env.database(db_env.read("FENQI_DB_APP_URL")),
    "worker": db_env.database(db_env.read("FENQI_DB_WORKER_URL")),
    "reader": db_env.database(db_env.read("FENQI_DB_READER_URL")),
    "owner": db_env.database(db_env.read("FENQI_DB_OWNER_URL")),
}
DATABASE_ROUTERS = ["foundation.db.AliasRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "merchants.Person"
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "portal:home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
_SECURE = FENQI_BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_SECURE = _SECURE
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "script-src": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
EXPORT_ROOT = Path(os.environ.get("FENQI_EXPORT_ROOT", BASE_DIR / "var" / "exports"))

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["merchants.api.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["foundation.drf_parts.StrictJsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["foundation.drf_parts.StructRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "foundation.drf_parts.JsonOnly",
    "EXCEPTION_HANDLER": "foundation.errors.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}

CELERY_BROKER_URL = db_env.read("FENQI_BROKER_URL") or db_env.read("CELERY_BROKER_URL")
# Topic of the outbox -> names of the Celery tasks it wakes. Services know topics only.
OUTBOX_TOPICS: dict[str, list[str]] = {
    # Told to whoever listens; the statements themselves are a due job of the same transaction.
    "book.closed": [],
}
# Kind of a due job -> the Celery task that does it.
DUE_JOB_HANDLERS: dict[str, str] = {
    "settlements.close_day": "settlements.close_day",
    "settlements.settle_day": "settlements.settle_day",
    "settlements.run_export": "settlements.run_export",
    "installments.expire_plans": "installments.expire_plans",
    "promotions.sweep": "promotions.sweep",
}
# Kind of a due job -> every so many seconds one falls due.
PERIODIC_JOBS: dict[str, int] = {"promotions.sweep": 60, "installments.expire_plans": 60}
LOGGING_CONFIG = "foundation.logging.configure"
LOGGING: dict[str, object] = {"level": "INFO"}  # not empty: Django asks LOGGING_CONFIG only when something stands here
FENQI_CATALOGUE_POLL_SECONDS = 0.5
FENQI_CATALOGUE_STALE_SECONDS = 5.0
SILENCED_SYSTEM_CHECKS = ["security.W008", "security.W004"] if not _SECURE else []
