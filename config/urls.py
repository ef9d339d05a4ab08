"""All routes: the API under /v1, health, and the portal for everything else."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("foundation.urls")),
    path("v1/", include("merchants.urls")),
    path("v1/", include("promotions.urls")),
    path("v1/", include("settlements.urls")),
    path("v1/", include("installments.urls")),
    path("", include("portal.urls")),
]
