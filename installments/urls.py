"""The addresses of quotes, plans, lenders and calculators, under /v1."""

from django.urls import path

from installments.api.calculators import Allocate, AnnualCost, Rebate, Schedule, Stack, TradeIn
from installments.api.lenders import Lenders, OneLender
from installments.api.plans import Cancel, Capture, OnePlan, PlanEvents, Plans, Refunds
from installments.api.quotes import QuoteBatch, Quotes

urlpatterns = [
    path("quotes", Quotes.as_view()),
    path("quotes/batch", QuoteBatch.as_view()),
    path("calculators/schedule", Schedule.as_view()),
    path("calculators/annual_cost", AnnualCost.as_view()),
    path("calculators/trade_in", TradeIn.as_view()),
    path("calculators/stack", Stack.as_view()),
    path("calculators/rebate", Rebate.as_view()),
    path("calculators/allocate", Allocate.as_view()),
    path("lenders", Lenders.as_view()),
    path("lenders/<str:lender_id>", OneLender.as_view()),
    path("plans", Plans.as_view()),
    path("plans/<str:plan_id>", OnePlan.as_view()),
    path("plans/<str:plan_id>/events", PlanEvents.as_view()),
    path("plans/<str:plan_id>/capture", Capture.as_view()),
    path("plans/<str:plan_id>/cancel", Cancel.as_view()),
    path("plans/<str:plan_id>/refunds", Refunds.as_view()),
]
