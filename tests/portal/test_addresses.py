"""Addresses typed by hand or by a scanner: a filter that makes no sense is said so, and nothing is ever a 500."""

import pytest

pytestmark = pytest.mark.usefixtures("database")

FAR = ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"]
WITH_NUL = [
    "/campaigns/?q=a%00b",
    "/campaigns/?kind=%00",
    "/campaigns/?after=%00",
    "/trade-in/?state=%00",
    "/trade-in/?reference=%00",
    "/plans/?reference=%00",
    "/plans/?store=%00",
    "/plans/?%00=1",
    "/money/?state=%00",
    "/money/exports/?x=%00",
    "/search/?q=%00",
    "/sign-in/?next=%00",
]


@pytest.mark.parametrize("day", FAR)
@pytest.mark.parametrize("name", ["first", "last"])
@pytest.mark.parametrize("path", ["/plans/", "/money/"])
def test_a_day_outside_1900_to_2999_stays_in_its_field_beside_an_error(world, signed_in, path, name, day):
    answer = signed_in("owner@one.example").get(path, {name: day})

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'value="{day}"' in page
    assert list(answer.context["form"].errors) == [name]


@pytest.mark.parametrize("path", ["/plans/", "/money/"])
def test_the_first_day_of_1900_and_the_last_of_2999_are_days_like_any_other(world, signed_in, path):
    answer = signed_in("owner@one.example").get(path, {"first": "1900-01-01", "last": "2999-12-31"})

    assert (answer.status_code, answer.context["form"].errors) == (200, {})


@pytest.mark.parametrize("address", WITH_NUL)
def test_a_nul_in_the_query_is_a_400_page(world, signed_in, address):
    answer = signed_in("owner@one.example").get(address)

    assert answer.status_code == 400
    assert "地址有误" in answer.content.decode()
    assert "default-src" in answer["Content-Security-Policy"]
