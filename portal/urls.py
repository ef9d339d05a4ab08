"""Every page's address. `app_name` is portal: `{% url "portal:home" %}`."""

from django.urls import URLPattern, URLResolver, path

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
    path("campaigns/", home.home, name="campaigns"),
    path("campaigns/new/", home.home, name="campaign_new"),
    path("campaigns/<str:campaign_id>/", home.home, name="campaign"),
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
