"""A bug behind a page: the person sees a page that says so, the log says what broke."""

import io
import json
import logging

import pytest
from django.conf import settings

from foundation.logging import _JsonFormatter
from installments.selectors import desk

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def log_lines(monkeypatch):
    """What the one handler of the settings writes from here on."""
    ours = [handler for handler in logging.getLogger().handlers if isinstance(handler.formatter, _JsonFormatter)]
    written = io.StringIO()
    monkeypatch.setattr(ours[-1], "stream", written)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def test_django_asks_for_our_logging_only_when_its_setting_is_not_empty():
    assert settings.LOGGING


def test_a_bug_behind_a_page_is_one_line_with_its_trace_request_id_and_path(world, signed_in, monkeypatch, log_lines):
    def broken(**_facts):
        local = "-".join(["forty", "two"])
        raise RuntimeError(f"the shelf fell {len(local)} times")

    client = signed_in("owner@one.example")
    client.raise_request_exception = False
    monkeypatch.setattr(desk, "plan_page", broken)

    answer = client.get("/plans/?reference=order-77")

    lines = [line for line in log_lines() if line["level"] == "error"]
    assert (answer.status_code, len(lines)) == (500, 1)
    line = lines[0]
    assert (line["path"], line["method"], line["status_code"]) == ("/plans/", "GET", 500)
    assert line["request_id"] == answer["Request-Id"]
    assert "RuntimeError: the shelf fell" in line["exception"]
    assert "plan_list" in line["exception"]
    assert "order-77" not in json.dumps(line)  # the query is not logged
    assert "forty-two" not in json.dumps(line)  # nor are locals


def test_what_people_do_wrong_is_no_line(world, signed_in, log_lines):
    client = signed_in("owner@one.example")

    answers = [client.get(path).status_code for path in ("/nowhere/", "/audit/", "/plans/?store=%00")]

    assert answers == [404, 403, 400]
    assert [line for line in log_lines() if line["level"] in {"error", "critical"}] == []
