"""The API describes itself: the OpenAPI document and a plain reference page, both without a key."""

import functools
import html
import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from foundation.api import Call, Endpoint, Route
from foundation.errors import describe


@functools.cache
def document_bytes() -> bytes:
    """The document as it is committed in docs/openapi.json: indented, one line end at the end."""
    from foundation import openapi  # noqa: PLC0415 - it walks the urls, which import this module

    return (json.dumps(openapi.document(), ensure_ascii=False, indent=1) + "\n").encode()


class Document(Endpoint):
    """The OpenAPI 3.1 document."""

    tag = "reference"

    @Route(public=True, returns=dict[str, Any])
    def get(self, call: Call) -> HttpResponse:
        """Read this document."""
        del call
        return HttpResponse(document_bytes(), content_type="application/json")


_STYLE: Final = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; margin: 0 }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem }
section { border-top: 1px solid #d8dee4; padding: .5rem 0 }
code, pre { font: 14px/1.45 ui-monospace, monospace }
pre { background: #f6f8fa; padding: .75rem; overflow-x: auto }
td, th { text-align: left; vertical-align: top; padding: .25rem 1rem .25rem 0; border-top: 1px solid #d8dee4 }
dd { white-space: pre-line }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117 } pre { background: #161b22 } a { color: #58a6ff }
}
"""


@require_safe
def reference(_request: HttpRequest) -> HttpResponse:
    """A page with every operation, its fields, and every error code: server-rendered, no script, no CDN."""
    response = HttpResponse(_page(), content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; frame-ancestors 'none'"
    return response


@require_safe
def style(_request: HttpRequest) -> HttpResponse:
    """The page's style sheet, in light and dark."""
    return HttpResponse(_STYLE, content_type="text/css; charset=utf-8")


@functools.cache
def _page() -> str:
    from foundation import openapi  # noqa: PLC0415 - see document_bytes

    described = json.loads(document_bytes())
    sections, kinds = [], {}
    for operation in openapi.operations():
        entry = described["paths"][operation.path][operation.method.lower()]
        sections.append(_section(operation.method, operation.path, entry))
        kinds.update({kind.code: kind for kind in openapi.refusals(operation.route)})
    codes = "".join(
        f'<tr id="error-{html.escape(code)}"><td><code>{html.escape(code)}</code></td><td>{kinds[code].status}</td>'
        f"<td>{html.escape(describe(kinds[code]))}</td></tr>"
        for code in sorted(kinds)
    )
    schemas = "".join(
        f'<section id="schema-{html.escape(name)}"><h3>{html.escape(name)}</h3><pre>{_pretty(schema)}</pre></section>'
        for name, schema in described["components"]["schemas"].items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<title>Fenqi API reference</title><link rel="stylesheet" href="/v1/docs.css"></head><body><main>'
        f"<h1>Fenqi API reference</h1><p>{html.escape(described['info']['description'])}</p>"
        '<p><a href="/v1/openapi.json">OpenAPI 3.1 document</a></p>'
        f"{''.join(sections)}<h2>Error codes</h2><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr>"
        f"</thead><tbody>{codes}</tbody></table><h2>Schemas</h2>{schemas}</main></body></html>"
    )


def _section(method: str, path: str, entry: dict[str, Any]) -> str:
    scope = f"<p>Scope <code>{html.escape(entry['x-scope'])}</code></p>" if entry.get("x-scope") else ""
    body = f"<h4>Body</h4>{_content(entry['requestBody'])}" if "requestBody" in entry else ""
    parameters = "".join(
        f"<li><code>{html.escape(part['name'])}</code> ({part['in']}{', required' if part['required'] else ''})</li>"
        for part in entry["parameters"]
    )
    answers = "".join(
        f"<dt>{status}</dt><dd>{html.escape(answer['description'])} {_content(answer)}</dd>"
        for status, answer in entry["responses"].items()
    )
    return (
        f'<section id="{html.escape(entry["operationId"])}"><h3><code>{method} {html.escape(path)}</code></h3>'
        f"<p>{html.escape(entry['summary'])}</p>{scope}<ul>{parameters}</ul>{body}<h4>Answers</h4><dl>{answers}</dl></section>"
    )


def _content(holder: dict[str, Any]) -> str:
    schemas = [content["schema"] for content in holder.get("content", {}).values()]
    return "".join(_linked(schema) for schema in schemas)


def _linked(schema: dict[str, Any]) -> str:
    name = schema.get("$ref", "").rpartition("/")[2]
    return f'<a href="#schema-{html.escape(name)}">{html.escape(name)}</a>' if name else f"<pre>{_pretty(schema)}</pre>"


def _pretty(schema: dict[str, Any]) -> str:
    return html.escape(json.dumps(schema, ensure_ascii=False, indent=1))
