"""What a page may load and run: nothing from elsewhere, unless it is said here."""

from __future__ import annotations

import base64
import re
from hashlib import sha256

# What pages need on which Python runs: a worker made of a text, and WebAssembly. What
# runs there could load from this site alone; the worker forgets how to (see `browser`).
_WITH_PYTHON = {
    "script-src": ["'wasm-unsafe-eval'"],
    "worker-src": ["'self'", "blob:"],
}
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_RULES: dict[str, list[str]] = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "worker-src": [],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "frame-src": [],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
}


def guarded(html: str, also: dict[str, list[str]], *, preview: bool) -> str:
    """A page with its policy, which allows its own inline scripts by their digests.

    `also` are further sources for some of the rules. In a preview, MkDocs puts a
    script into the page when it is asked for, which reloads it after each save.
    """
    digests = {sha256(code.encode()).digest() for code in _SCRIPT.findall(html)}
    hashes = sorted(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    if preview:
        hashes = ["'unsafe-inline'"]
    rules = []
    for name, sources in _RULES.items():
        all_sources = [*sources, *(hashes if name == "script-src" else [])]
        all_sources += also.get(name, [])
        all_sources += _WITH_PYTHON.get(name, []) if "<weave-python" in html else []
        if all_sources:
            rules.append(f"{name} {' '.join(all_sources)}")
    tag = f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'
    return html.replace("<head>", f"<head>{tag}", 1)
