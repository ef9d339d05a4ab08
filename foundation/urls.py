"""Addresses that belong to no business app: health, metrics, the API's own description."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
