"""Every page's address. `app_name` is portal: `{% url "portal:home" %}`."""

from django.urls import URLPattern, URLResolver, path

from portal.campaigns import detail, editor, listing, moves, try_out
from portal.home import views as home
from portal.session import views as session

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("party/", session.choose_party, name="choose_party"),
    path("language/", session.set_language, name="set_language"),
    path("theme/", session.set_theme, name="set_theme"),
    path("search/", home.home, name="search"),
    path("campaigns/", listing.campaign_list, name="campaigns"),
    path("campaigns/new/", editor.choose_kind, name="campaign_new"),
    path("campaigns/new/<slug:kind>/", editor.begin, name="campaign_begin"),
    path("campaigns/try-out/", try_out.try_out, name="campaign_try_out"),
    path("campaigns/<str:campaign_id>/", detail.campaign, name="campaign"),
    path("campaigns/<str:campaign_id>/edit/<int:step>/", editor.edit, name="campaign_edit"),
    path("campaigns/<str:campaign_id>/do/<slug:code>/", moves.act, name="campaign_act"),
    path("plans/", home.home, name="plans"),
    path("trade-in/", home.home, name="claims"),
    path("money/", home.home, name="statements"),
    path("people/", home.home, name="people"),
    path("developers/", home.home, name="developers"),
    path("co-funding/", home.home, name="cofunding"),
    path("merchants/", home.home, name="merchants"),
    path("lenders/", home.home, name="lenders"),
    path("rule-sets/", home.home, name="rule_sets"),
    path("approvals/", home.home, name="approvals"),
    path("audit/", home.home, name="audit"),
    path("system/", home.home, name="system"),
    path("robots.txt", session.robots),
]
