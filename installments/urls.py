"""The addresses of quotes, plans and lenders, under /v1."""

from django.urls import path

from installments.api.lenders import Lenders
from installments.api.quotes import QuoteBatch, Quotes

urlpatterns = [
    path("quotes", Quotes.as_view()),
    path("quotes/batch", QuoteBatch.as_view()),
    path("lenders", Lenders.as_view()),
]
