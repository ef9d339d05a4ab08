#!/usr/bin/env python
"""Django's command line, plus `up`, which starts everything."""

import os
import sys


def main() -> None:
    """Run one command, for example `manage.py migrate --database owner` or `manage.py up`."""
    if sys.argv[1:2] == ["up"]:
        from config.launcher.__main__ import main as up

        sys.exit(up(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
