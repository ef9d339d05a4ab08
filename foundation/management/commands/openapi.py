"""Write or check docs/openapi.json and docs/errors.md."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from foundation import api_docs, error_list


class Command(BaseCommand):
    """`--write` brings the committed files up to date, `--check` exits 1 when they are not, neither prints the document."""

    help = "The OpenAPI document and the list of error codes, generated from the code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two verbs."""
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: object, **options: bool) -> None:
        """Raises CommandError (exit 1) when `--check` finds a stale file."""
        docs = Path(settings.BASE_DIR) / "docs"
        files = {docs / "openapi.json": api_docs.document_bytes(), docs / "errors.md": error_list.text().encode()}
        if options["write"]:
            for path, content in files.items():
                path.write_bytes(content)
        elif options["check"]:
            stale = [path.name for path, content in files.items() if not path.exists() or path.read_bytes() != content]
            if stale:
                raise CommandError(f"stale: {', '.join(stale)}; run `manage.py openapi --write`")
        else:
            self.stdout.write(api_docs.document_bytes().decode(), ending="")
