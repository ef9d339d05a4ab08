"""Every page's address. `app_name` is portal: `{% url "portal:home" %}`."""

from django.urls import URLPattern, URLResolver, path

from portal.campaigns import detail, editor, moves, try_out
from portal.campaigns import listing as campaign_list
from portal.claims import views as claims
from portal.cofunding import views as cofunding
from portal.developers import views as developers
from portal.home import views as home
from portal.money import files, statement
from portal.money import listing as statement_list
from portal.operator import board, registers, trail
from portal.people import views as people
from portal.plans import listing as plan_list
from portal.plans import views as plans
from portal.session import views as session

app_name = "portal"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search/", plan_list.search, name="search"),
    # Signing in
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("party/", session.choose_party, name="choose_party"),
    path("language/", session.set_language, name="set_language"),
    path("theme/", session.set_theme, name="set_theme"),
    path("robots.txt", session.robots),
    # Campaigns
    path("campaigns/", campaign_list.campaign_list, name="campaigns"),
    path("campaigns/new/", editor.choose_kind, name="campaign_new"),
    path("campaigns/new/<slug:kind>/", editor.begin, name="campaign_begin"),
    path("campaigns/try-out/", try_out.try_out, name="campaign_try_out"),
    path("campaigns/<str:campaign_id>/", detail.campaign, name="campaign"),
    path("campaigns/<str:campaign_id>/edit/<int:step>/", editor.edit, name="campaign_edit"),
    path("campaigns/<str:campaign_id>/do/<slug:code>/", moves.act, name="campaign_act"),
    path("co-funding/", cofunding.cofunding, name="cofunding"),
    path("co-funding/<str:campaign_id>/<int:version>/<slug:answer>/", cofunding.decide, name="cofunding_decide"),
    # Plans and claims
    path("plans/", plan_list.plan_list, name="plans"),
    path("plans/<str:plan_id>/", plans.plan, name="plan"),
    path("plans/<str:plan_id>/capture/", plans.capture, name="plan_capture"),
    path("plans/<str:plan_id>/cancel/", plans.cancel, name="plan_cancel"),
    path("plans/<str:plan_id>/refund/", plans.refund, name="plan_refund"),
    path("trade-in/", claims.claim_list, name="claims"),
    # Money
    path("money/", statement_list.statement_list, name="statements"),
    path("money/approvals/", statement_list.approvals, name="approvals"),
    path("money/exports/", files.export_list, name="exports"),
    path("money/exports/<str:export_id>/progress/", files.progress, name="export_progress"),
    path("money/exports/<str:export_id>/link/", files.link, name="export_link"),
    path("money/exports/<str:export_id>/file/", files.download, name="export_file"),
    path("money/<str:statement_id>/", statement.statement, name="statement"),
    path("money/<str:statement_id>/approve/", statement.approve, name="statement_approve"),
    path("money/<str:statement_id>/reject/", statement.reject, name="statement_reject"),
    path("money/<str:statement_id>/submit/", statement.submit, name="statement_submit"),
    path("money/<str:statement_id>/export/", statement.export, name="statement_export"),
    # The tenant itself
    path("people/", people.people, name="people"),
    path("developers/", developers.developers, name="developers"),
    path("developers/keys/<str:key_id>/revoke/", developers.revoke, name="key_revoke"),
    # The operator
    path("board/progress/", board.progress, name="board_progress"),
    path("board/<uuid:book_id>/close/", board.close, name="close_day"),
    path("merchants/", registers.merchants, name="merchants"),
    path("lenders/", registers.lenders, name="lenders"),
    path("rule-sets/", registers.rule_sets, name="rule_sets"),
    path("audit/", trail.audit, name="audit"),
    path("system/", trail.system, name="system"),
]
