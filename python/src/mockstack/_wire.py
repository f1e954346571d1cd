"""Requests to the routes below ``/__mockstack/``."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

# The server is on this machine: no proxy is asked.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class MockstackError(Exception):
    """The server refused what was asked of it, or could not be reached or started. ``status`` is that of its answer."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class Wire:
    """The routes of one server."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def get(self, route: str, **query: str | None) -> Any:
        """The answer to a GET as JSON."""
        return _json(self.text("GET", route, None, **query))

    def post(self, route: str, body: Mapping[str, Any] | None = None, **query: str | None) -> Any:
        """The answer to a POST as JSON; ``None`` if there is none."""
        return _json(self.text("POST", route, body or {}, **query))

    def delete(self, route: str, **query: str | None) -> Any:
        """The answer to a DELETE as JSON; ``None`` if there is none."""
        return _json(self.text("DELETE", route, None, **query))

    def text(self, method: str, route: str, body: Mapping[str, Any] | None = None, **query: str | None) -> str:
        """The answer as text."""
        given = urlencode({key: value for key, value in query.items() if value is not None})
        return self._ask(method, f"/__mockstack/{quote(route)}{'?' if given else ''}{given}", body)

    def root(self) -> dict[str, Any]:
        """What the server says of itself."""
        answer: dict[str, Any] = _json(self._ask("GET", "/", None))
        return answer

    def _ask(self, method: str, target: str, body: Mapping[str, Any] | None) -> str:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + target, data, method=method)
        token = os.environ.get("MOCKSTACK_ADMIN_TOKEN")
        if token:
            request.add_header("X-Mockstack-Admin-Token", token)
        try:
            with _OPENER.open(request, timeout=60) as response:
                text: str = response.read().decode()
                return text
        except urllib.error.HTTPError as error:
            raise MockstackError(_message(error.read().decode(errors="replace")), error.code) from None
        except OSError as error:
            raise MockstackError(f"there is no mockstack at {self.url}: {error}") from None


def _json(text: str) -> Any:
    return json.loads(text) if text else None


def _message(body: str) -> str:
    try:
        return str(json.loads(body)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return body
