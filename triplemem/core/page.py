"""A page of HTML that is whole in itself: data stays data, scripts are named by digest, nothing is fetched."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Any

_UNSAFE = re.compile("[<>&\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What could end or begin a tag within a script, end a line of one, or has no place in UTF-8."""
_PLACE = re.compile(r"\{\{(\w+)\}\}")


def filled(template: str, *, title: str, style: str, scripts: Iterable[str], data: Any) -> str:
    """The template with its places filled; whatever ``title`` and ``data`` hold stays text.

    The places are ``{{policy}}``, ``{{title}}``, ``{{style}}``, ``{{data}}`` and ``{{scripts}}``. ``style`` and
    ``scripts`` are ours: `ValueError` if one of them would end its own element.
    """
    codes = [_own(code, "script") for code in scripts]
    parts = {
        "policy": escape(policy(codes)),
        "title": escape(title),
        "style": _own(style, "style"),
        "data": embedded(data),
        "scripts": "\n".join(f"<script>{code}</script>" for code in codes),
    }
    return _substituted(template, parts)


def _substituted(template: str, parts: Mapping[str, str]) -> str:
    """In one pass, so that nothing filled in is read as a place."""
    return _PLACE.sub(lambda match: parts[match[1]], template)


def embedded(data: Any) -> str:
    """The data as JSON that can stand within a script element: no character of it can end the element."""
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", said)


def policy(scripts: Iterable[str]) -> str:
    """A content security policy: these scripts run and no other, no text becomes markup, nothing is fetched or sent."""
    digests = " ".join(f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'" for code in scripts)
    return (
        f"default-src 'none'; script-src {digests}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types default"
    )


def _own(text: str, element: str) -> str:
    """Text of ours for within an element, as a browser reads it: one kind of line ends."""
    if re.search(rf"</{element}|<!--|\x00", text, re.I):
        raise ValueError(f"this text would end its {element} element")
    return text.replace("\r\n", "\n").replace("\r", "\n")
