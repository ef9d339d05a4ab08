"""Addresses that belong to no business app: health, metrics, the API's own description."""

from django.urls import URLPattern, URLResolver, path

from foundation import api_docs, health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.Healthz.as_view()),
    path("readyz", health.Readyz.as_view()),
    path("metrics", health.metrics),
    path("v1/openapi.json", api_docs.Document.as_view()),
    path("v1/docs", api_docs.reference),
    path("v1/docs.css", api_docs.style),
]
