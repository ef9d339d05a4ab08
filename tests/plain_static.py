"""Static files as they are in the sources: tests need no collected copy, and see no old one."""

from typing import Final

SETTINGS: Final = {
    "STORAGES": {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    },
    "STATIC_ROOT": None,
    "WHITENOISE_USE_FINDERS": True,
}
