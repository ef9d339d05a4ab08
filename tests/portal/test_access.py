"""Who reaches which page: by role, by kind of tenant, and never another tenant's objects."""

import pytest

from tests.portal.conftest import PASSWORD
from tests.portal.sale import sell

pytestmark = pytest.mark.usefixtures("database")

MERCHANT_PAGES = {
    "/": {"owner", "marketing", "finance", "clerk"},
    "/campaigns/": {"owner", "marketing", "finance"},
    "/campaigns/new/": {"owner", "marketing"},
    "/campaigns/new/interest_free/": {"owner", "marketing"},
    "/plans/": {"owner", "marketing", "finance", "clerk"},
    "/trade-in/": {"owner", "finance"},
    "/money/": {"owner", "finance"},
    "/money/exports/": {"owner", "finance"},
    "/people/": {"owner", "marketing", "finance", "clerk"},
    "/developers/": {"owner"},
}
STAFF_PAGES = ("/merchants/", "/lenders/", "/rule-sets/", "/money/approvals/", "/audit/", "/system/")


@pytest.mark.parametrize("role", ["owner", "marketing", "finance", "clerk"])
def test_a_role_reaches_its_pages_and_gets_a_clear_403_on_the_others(world, signed_in, role):
    client = signed_in(f"{role}@one.example")

    for path, roles in MERCHANT_PAGES.items():
        answer = client.get(path)
        assert answer.status_code == (200 if role in roles else 403), (role, path)
        if role not in roles:
            assert "您的角色无权访问" in answer.content.decode()


def test_staff_pages_are_closed_to_merchants_and_brands_and_open_to_the_operator(world, signed_in, operator):
    merchant, brand, staff = (signed_in(who) for who in ("owner@one.example", "brand@brand.example", operator))

    for path in STAFF_PAGES:
        assert merchant.get(path).status_code == 403, path
        assert brand.get(path).status_code == 403, path
        assert staff.get(path).status_code == 200, path
    assert staff.get("/").status_code == 200
    assert staff.get("/campaigns/").status_code == 403


def test_a_brand_sees_its_own_pages_and_what_it_co_funds(world, signed_in):
    brand = signed_in("brand@brand.example")

    for path in ("/", "/money/", "/people/"):
        assert brand.get(path).status_code == 200, path
    page = brand.get("/co-funding/").content.decode()
    assert "商户one" in page
    assert "40%" in page
    assert "商户two" not in page


def test_another_tenants_objects_answer_like_ids_that_do_not_exist(world, signed_in):
    plan = sell(world.one)
    stranger, owner = signed_in("owner@two.example"), signed_in("owner@one.example")
    campaign = world.campaigns["interest_free"]
    paths = [f"/plans/{plan['id']}/", f"/plans/{plan['id']}/refund/", f"/campaigns/{campaign}/"]
    paths += [f"/campaigns/{campaign}/edit/1/"]

    for path in paths:
        assert owner.get(path).status_code == 200, path
        assert stranger.get(path).status_code == 404, path
    assert stranger.post(f"/plans/{plan['id']}/capture/").status_code == 404
    assert stranger.post(f"/campaigns/{campaign}/do/pause/").status_code == 404
    assert stranger.get("/plans/pl_00000000000000000000000000/").status_code == 404
    assert "这里什么都没有" in stranger.get("/plans/nonsense/").content.decode()


def test_a_post_needs_the_permission_of_its_page(world, signed_in):
    clerk = signed_in("clerk@one.example")
    marketing = signed_in("marketing@one.example")
    campaign = world.campaigns["interest_free"]

    assert clerk.post(f"/campaigns/{campaign}/do/pause/").status_code == 403
    assert marketing.post(f"/campaigns/{campaign}/do/approve/").status_code == 403
    assert marketing.get(f"/campaigns/{campaign}/do/pause/").status_code == 405


def test_every_page_forbids_inline_code_and_being_framed(world, signed_in):
    answer = signed_in("owner@one.example").get("/")

    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_form_without_its_token_is_refused(world):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)

    answer = client.post("/sign-in/", {"email": "owner@one.example", "password": PASSWORD})

    assert answer.status_code == 403
