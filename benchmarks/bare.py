"""What Django itself costs: a view without middleware that reads JSON and answers JSON. Served beside the product.

`/2kb` is the yardstick of the targets: any view of this size. `/same` writes as many bytes as the product's own quote,
with the JSON encoder of the standard library, as a plain view would.
"""

import json
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ROOT_URLCONF="benchmarks.bare",
    MIDDLEWARE=[],
    ALLOWED_HOSTS=["127.0.0.1"],
    SECRET_KEY="bare",
    LOGGING_CONFIG=None,
)
django.setup()

_SHORT = {"rows": [{"number": number, "due_on": "2026-11-21", "amount": 41_658} for number in range(36)]}
_SAME = json.loads(Path(os.environ["BENCH_ANSWER"]).read_bytes())


def _answer(request: HttpRequest, document: object) -> HttpResponse:
    sent = json.loads(request.body)
    assert sent["currency"] == "CNY"
    content = json.dumps(document).encode()
    return HttpResponse(content, content_type="application/json", headers={"Content-Length": str(len(content))})


def short(request: HttpRequest) -> HttpResponse:
    """About 2 KB."""
    return _answer(request, _SHORT)


def same(request: HttpRequest) -> HttpResponse:
    """As much as the product answers."""
    return _answer(request, _SAME)


urlpatterns = [path("2kb", short), path("same", same)]
application = WSGIHandler()
