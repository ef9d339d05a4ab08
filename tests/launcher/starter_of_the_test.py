"""A starter with tiny children instead of the product: `python -m tests.launcher.starter_of_the_test <root>`."""

import sys
from pathlib import Path

from config import embedded
from config.launcher.processes import MARK, ChildSpec
from config.launcher.reaper import Reaper
from config.launcher.start import Start, say
from config.launcher.supervisor import Supervisor

# A child with a grandchild of its own, both marked by the name of the file given.
CHILD = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); time.sleep(600)"


class TinyStart(Start):
    def _start_everything(self, *, mark: str, is_first: bool) -> None:
        self.reaper = Reaper(folder=Path.cwd())
        self.reaper.guard_database(self.places.data)
        embedded.start(self.places.data, durable=False)
        specs = [
            ChildSpec(name=name, command=(sys.executable, "-c", CHILD), environment={MARK: mark}) for name in ("a", "b")
        ]
        self.supervisor = Supervisor(specs, log_folder=self.places.log, reaper=self.reaper)
        self.supervisor.start()
        say(f"up {mark}")


if __name__ == "__main__":
    start = TinyStart(root=Path(sys.argv[1]))
    sys.exit(start.run())
