"""Routes of merchants under /v1."""

from django.urls import URLPattern, path

from merchants.api.stores import Merchant, Store, Stores

urlpatterns: list[URLPattern] = [
    path("merchant", Merchant.as_view()),
    path("stores", Stores.as_view()),
    path("stores/<str:store_id>", Store.as_view()),
]
