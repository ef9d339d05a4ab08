"""One start, from the lock to the banner, and its orderly end."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from config import embedded, roles
from config.launcher import checks, errors, places, processes, programs
from config.launcher.banner import banner
from config.launcher.locks import try_hold
from config.launcher.reaper import Reaper
from config.launcher.supervisor import Supervisor

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HEALTH_LIMIT_S = 60
DATABASE = "fenqi"


class Start:
    """Everything one starter holds; `run()` returns when it was told to stop."""

    def __init__(self, *, root: Path) -> None:
        self.places = places.Places(root=root)
        self.settings = checks.read_settings(os.environ)
        self.stopping = threading.Event()
        self.began_at = time.monotonic()
        self.reaper: Reaper | None = None
        self.supervisor: Supervisor | None = None

    def run(self) -> int:
        """Start, watch, stop. Raises StartError when it cannot start."""
        for received in STOPPING:
            signal.signal(received, self._on_signal)
        with errors.told_plainly(where=self.places.var):
            self.places.make()
            mark = self._take_over()
            try:
                checks.check_port(host=self.settings.host, port=self.settings.port)
                is_first = not self.settings.database_url and not self.places.data.exists()
                checks.check_room(self.places.var, is_first=is_first)
                self._start_everything(mark=mark, is_first=is_first)
                self._watch()
            finally:
                self._stop_everything()
        return 0

    def _on_signal(self, _received: int, _frame: object) -> None:
        self.stopping.set()

    def _take_over(self) -> str:
        """Hold the lock of this folder, end what a killed starter left, and return our own mark."""
        state = self.places.run / "starter.json"
        if try_hold(self.places.run / "starter.lock") is None:
            found = places.read_json(state)
            raise errors.AlreadyRunning(pid=str(found.get("pid", "unknown")), url=str(found.get("base_url", "")))
        dead = places.read_json(state).get("mark")
        if dead:
            processes.end_marked(str(dead))
        mark = secrets.token_hex(8)
        facts = {"pid": os.getpid(), "mark": mark, "base_url": self.settings.base_url}
        places.write_private(state, facts)
        return mark

    def _start_everything(self, *, mark: str, is_first: bool) -> None:
        say("Starting Fenqi …" if not is_first else "Starting Fenqi for the first time: making the database …")
        self.reaper = Reaper(folder=self.places.root)
        kept = places.kept_secrets(self.places)
        urls = provide_database(self.places, settings=self.settings, secret=kept["database_secret"], reaper=self.reaper)
        found = programs.connections(urls, settings=self.settings, secret_key=kept["secret_key"])
        places.write_private(self.places.run / "connections.json", found)
        environment = programs.environment(found, mark=mark)
        prepare(
            self.places,
            wants_demo=self.settings.wants_demo,
            environment=environment,
            reaper=self.reaper,
            stopping=self.stopping,
        )
        if self.stopping.is_set():
            return
        specs = programs.children(self.settings, places=self.places, environment=environment)
        self.supervisor = Supervisor(specs, log_folder=self.places.log, reaper=self.reaper)
        self.supervisor.start()
        self._wait_until_healthy()
        if self.stopping.is_set():
            return
        demo = places.read_json(self.places.demo) if self.settings.wants_demo else {}
        say(banner(base_url=self.settings.base_url, demo=demo, seconds=time.monotonic() - self.began_at))

    def _wait_until_healthy(self) -> None:
        assert self.supervisor is not None
        deadline = time.monotonic() + HEALTH_LIMIT_S
        while not self.stopping.is_set() and not answers(f"{self.settings.base_url}/healthz"):
            if "web" in self.supervisor.poll() or time.monotonic() > deadline:
                log = self.supervisor.log_of("web")
                raise errors.StepFailed(f"The web server did not start ({last_line(log)}); its log is {log}.")
            time.sleep(0.05)

    def _watch(self) -> None:
        if self.supervisor is None:
            return
        self.supervisor.run(until=self.stopping.is_set, each_time=self._keep_database)

    def _keep_database(self) -> None:
        """Start the embedded PostgreSQL again if it was killed."""
        if self.settings.database_url or embedded.is_running(self.places.data):
            return
        try:
            embedded.start(self.places.data)
        except errors.StartError as error:
            say(f"{error} Trying again.")

    def _stop_everything(self) -> None:
        for received in STOPPING:
            signal.signal(received, signal.SIG_IGN)
        if self.supervisor is not None:
            say("Stopping …")
            self.supervisor.stop()
        if not self.settings.database_url:
            embedded.stop(self.places.data)
        if self.reaper is not None:
            self.reaper.dismiss()
        (self.places.run / "starter.json").unlink(missing_ok=True)


def provide_database(
    where: places.Places, *, settings: checks.Settings, secret: str, reaper: Reaper | None
) -> dict[str, str]:
    """Return an address per role, of the outside server if there is one, else of the embedded one, started."""
    if settings.database_url:
        name = roles.database_of(settings.database_url, otherwise=DATABASE)
        return roles.provision(settings.database_url, database=name, secret=secret)
    if reaper is not None:
        reaper.guard_database(where.data)
    return roles.provision(embedded.start(where.data), database=DATABASE, secret=secret)


def prepare(
    where: places.Places,
    *,
    wants_demo: bool,
    environment: dict[str, str],
    reaper: Reaper,
    stopping: threading.Event,
) -> None:
    """Migrate, collect the static files and load the demo, in a process of their own."""
    log = where.log / "prepare.log"
    log.unlink(missing_ok=True)
    words = ["config.launcher.prepare", "--base-url", environment["FENQI_BASE_URL"]]
    spec = processes.ChildSpec(
        name="prepare",
        command=(sys.executable, "-m", *words, *(["--demo"] if wants_demo else [])),
        environment=environment,
        folder=where.root,
    )
    child = processes.spawn(spec, log=log)
    reaper.add(child.pid)
    shown = 0
    while child.poll() is None:
        if stopping.is_set():
            end_child(child)
            break
        shown = show_new(log, shown=shown)
        time.sleep(0.05)
    reaper.drop(child.pid)
    if child.returncode != 0 and not stopping.is_set():
        if errors.says_disk_full(log.read_text(errors="replace")):
            raise errors.DiskFull(where=where.var)
        raise errors.StepFailed(f"The database could not be prepared ({last_line(log)}); the whole story is in {log}.")


def end_child(child: subprocess.Popen[bytes]) -> None:
    """Stop a child that was overtaken by a Ctrl-C."""
    processes.signal_group(child.pid, signal.SIGTERM)
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        processes.signal_group(child.pid, signal.SIGKILL)
        child.wait()


def show_new(log: Path, *, shown: int) -> int:
    """Print the progress lines (two spaces first) that a step has written since the last look."""
    text = log.read_text(errors="replace")
    end = text.rfind("\n") + 1
    for line in text[shown:end].splitlines():
        if line.startswith("  ") and line.rstrip().endswith("…"):
            say(line)
    return max(shown, end)


def answers(url: str) -> bool:
    """Return whether a GET of `url` is answered with 200."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return int(answer.status) == 200  # noqa: PLR2004 - HTTP
    except (URLError, OSError, ValueError):
        return False


def last_line(log: Path) -> str:
    """Return the last line of a log that says something."""
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        return "no log"
    return lines[-1].strip()[:300] if lines else "no reason given"


def say(text: str) -> None:
    """Print, also when the terminal is already closed."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except (OSError, ValueError):
        return
