"""`make run`: start everything, or say in one sentence why not."""

import sys
from pathlib import Path

from config.launcher.errors import StartError

ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    """Run until Ctrl-C and return the exit code; `--with-parent` ends with the process that called, such as `make`."""
    try:
        from config.launcher.processes import follow_parent  # noqa: PLC0415 - a missing module gets its sentence
        from config.launcher.start import Start  # noqa: PLC0415

        if "--with-parent" in arguments:
            follow_parent()
        return Start(root=ROOT).run()
    except ImportError as error:
        sys.stderr.write(
            f"The Python module {error.name} is missing from .venv: remove the folder .venv, then `make run` makes it anew.\n"
        )
    except StartError as error:
        sys.stderr.write(f"{error}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
