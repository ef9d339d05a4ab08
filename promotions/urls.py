"""Routes of promotions under /v1."""

from django.urls import URLPattern, path

from promotions.api import campaign_moves as moves
from promotions.api.campaigns import Campaign, CampaignBudget, Campaigns
from promotions.api.rule_sets import RuleSet, RuleSets

urlpatterns: list[URLPattern] = [
    path("campaigns", Campaigns.as_view()),
    path("campaigns/<str:campaign_id>", Campaign.as_view()),
    path("campaigns/<str:campaign_id>/budget", CampaignBudget.as_view()),
    path("campaigns/<str:campaign_id>/submit", moves.Submit.as_view()),
    path("campaigns/<str:campaign_id>/approve", moves.Approve.as_view()),
    path("campaigns/<str:campaign_id>/launch", moves.Launch.as_view()),
    path("campaigns/<str:campaign_id>/pause", moves.Pause.as_view()),
    path("campaigns/<str:campaign_id>/resume", moves.Resume.as_view()),
    path("campaigns/<str:campaign_id>/end", moves.End.as_view()),
    path("campaigns/<str:campaign_id>/clone", moves.Clone.as_view()),
    path("rule_sets", RuleSets.as_view()),
    path("rule_sets/<str:code>", RuleSet.as_view()),
]
