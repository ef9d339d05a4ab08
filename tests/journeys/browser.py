"""A real server in threads and a real Chromium: what a browser journey stands on."""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.db import connections

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
THREADS = 6
WIDE = """() => [document.documentElement.scrollWidth, [...document.querySelectorAll("*")]
  .filter(one => !one.closest(".table-box") && one.getBoundingClientRect().right > innerWidth).map(one => one.tagName + "." + one.className).slice(0, 8)]"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


class PooledServer(WSGIServer):
    """Serves each connection in one of a few threads, as a real server does."""

    pool: ThreadPoolExecutor

    def process_request(self, request, client_address):
        self.pool.submit(self._serve, request, client_address)

    def _serve(self, request, client_address):
        try:
            self.finish_request(request, client_address)
        finally:
            self.shutdown_request(request)
            for connection in connections.all():
                connection.close()


@contextmanager
def live_server() -> Iterator[str]:
    """Serves the site on a free port with real commits; yields its address."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=PooledServer, handler_class=Quiet)
    server.pool = ThreadPoolExecutor(THREADS)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.pool.shutdown(wait=True)
        server.server_close()
        thread.join()


class Visitor:
    """A person at a browser. Complaints of the console and pages wider than the window fail the test at `leave`."""

    def __init__(self, browser, base: str, *, width: int) -> None:
        self.base = base
        self.width = width
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def sign_in(self, email: str, password: str) -> "Visitor":
        self.go("/sign-in/")
        self.page.fill("#id_email", email)
        self.page.fill("#id_password", password)
        self.page.click("main form button.button-main")
        self.page.wait_for_url(f"{self.base}/")
        return self.look()

    def go(self, path: str) -> "Visitor":
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        return self.look()

    def look(self) -> "Visitor":
        """Nothing stands outside of the window."""
        self.page.wait_for_load_state()
        width, outside = self.page.evaluate(WIDE)
        assert width <= self.width, f"{self.page.url} is {width} px wide in a window of {self.width}: {outside}"
        return self

    def press(self, words: str) -> "Visitor":
        """Open a question by its button, see that it fits, and answer it."""
        question = self.page.locator("details.confirm", has=self.page.locator("summary", has_text=words)).first
        question.locator("summary").click()
        self.look()
        question.locator(".confirm-box button").click()
        return self.look()

    def reads(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text().strip()

    def leave(self) -> None:
        self.context.close()
        assert self.complaints == []


@contextmanager
def chromium() -> Iterator[object]:
    """The browser. Playwright runs a loop in this thread, which Django otherwise takes for asynchronous code."""
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
