"""The WSGI application that granian, or any other server, serves."""

import os

from django.core.wsgi import get_wsgi_application

from config import celery  # noqa: F401 - the outbox's nudge is sent through its broker, not through Celery's default

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
