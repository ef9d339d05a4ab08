"""Starts Fenqi on one machine: database, migrations, demo, web, worker, beat.

`make run` is `python -m config.launcher`. Nothing here is imported by the
product itself, and nothing here imports it: the launcher talks to Django
through child processes only.
"""
