"""Answers to the addresses of the app: Streamlit's front end for a page, and a 404 of our own for anything else.

Streamlit serves its front end under every address. Opened on a page, that asks for ``/<page>/_stcore/health`` and
``host-config`` before it tries the right place, two errors in the console of every deep link
(https://github.com/streamlit/streamlit/issues/7074); under an unknown address it runs the start page. So the front end
is told where its server is, and unknown addresses are refused.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from html import escape
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from core.locale import N_, Translator, translator

__all__ = ["HINT", "UnknownAddresses", "front_end", "is_unknown", "routes"]

WALL_STYLE = Path(__file__).parent / "static" / "wall.css"
# First parts of addresses that are no pages: Streamlit's own, its static files, and the routes of this app.
RESERVED = {
    *("_stcore", "app", "auth", "component", "link", "media", "oauth2callback", "password", "readyz", "session"),
    *("sign-in", "sign-out", "static", "tiles"),
}
HINT = N_("At most {limit} characters")
TOO_LONG = N_("At most {limit} characters; {n} too many")
# A date or a number out of range is shown in red, but Streamlit goes on with the value that stood there before: a button of
# the same dialog, popover or form would save that one. So it does nothing and leads to the field, which says why
# (``pages/static/frame.css`` shows the message).
# A text that is longer than the hint of its box allows (``pages/common/texts.py``) is not cut: its box says by how much, and
# nothing there saves it.
# Pages are one step below the root, so that the server's own address is where the page's relative links begin. When a
# socket closes, and the server says that nobody is signed in any more, the page is asked for again: that is the sign-in.
SCRIPT = """<script>
      window.__streamlit = {BACKEND_BASE_URL: new URL("./", location.href).href};
      (() => {
        const check = () => fetch("/session", {cache: "no-store"}).then(
          (answer) => { if (answer.status === 401) location.reload(); },
          () => setTimeout(check, 2000),
        );
        const lengths = LENGTHS;
        const isTooLong = (field) => {
          for (const {hint, message} of lengths) {
            const limit = field.placeholder?.match(hint)?.[1];
            if (!limit) continue;
            const n = [...field.value.trim()].length - limit;
            const box = field.closest('[data-testid="stTextArea"], [data-testid="stTextInput"]');
            if (n > 0) {
              box.dataset.tooLong = message.replace("{limit}", limit).replace("{n}", n);
              field.setAttribute("aria-description", box.dataset.tooLong);
            } else {
              delete box.dataset.tooLong;
              field.removeAttribute("aria-description");
            }
            return n > 0;
          }
          return false;
        };
        const refuse = (event) => {
          const within = event.target.closest?.('[role="dialog"], [data-testid="stPopoverBody"], [data-testid="stForm"]');
          const wrong = within?.querySelector(
            ':is([data-testid="stDateInput"], [data-testid="stNumberInput"]) span[role="alert"]:not(:empty)');
          const place = within ?? event.target.closest?.('[data-testid="stMain"]');
          const button = event.target.closest?.('[data-testid="stButton"], [data-testid="stFormSubmitButton"]');
          const saves = event.type === "click" ? button
            : event.key === "Enter" && !wrong?.parentElement.contains(event.target);
          if (!saves) return;
          const keeps = event.type === "click" ? within || button.querySelector('[data-testid^="stBaseButton-primary"]')
            : within && (event.target.tagName !== "TEXTAREA" || event.ctrlKey || event.metaKey);
          const long = keeps && [...place.querySelectorAll("textarea, input")].find(isTooLong);
          if (!wrong && !long) return;
          event.preventDefault();
          event.stopImmediatePropagation();
          (wrong?.parentElement.querySelector("input:not([tabindex='-1']), [role=spinbutton]") ?? long)?.focus();
          (wrong ?? long).scrollIntoView({block: "nearest"});
        };
        for (const type of ["click", "keydown"]) window.addEventListener(type, refuse, true);
        window.addEventListener("input", (event) => isTooLong(event.target), true);
        window.WebSocket = class extends WebSocket {
          constructor(...values) { super(...values); this.addEventListener("close", check); }
        };
      })();
    </script>"""
NOT_FOUND = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font-family: "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif }}
body {{ max-width: 36rem; margin: 18vh auto 0; padding: 0 1.5rem; line-height: 1.6 }}
a {{ color: inherit; font-weight: 600 }}
</style>
</head>
<body><h1>{title}</h1><p>{text}</p><p><a href="/{query}">{back}</a></p></body>
</html>
"""


def front_end() -> str:
    """Streamlit's ``index.html``, told where its server is, with the size of the type on a wall."""
    style = f"<style>{WALL_STYLE.read_text(encoding='utf-8')}</style>"
    index = (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
    script = SCRIPT.replace("LENGTHS", json.dumps(_length_messages(), ensure_ascii=False))
    return index.replace('<script type="module"', f'{style}\n    {script}\n    <script type="module"', 1)


def _length_messages() -> list[dict[str, str]]:
    """For each language the hint as a pattern that finds the limit, and the message with ``{limit}`` and ``{n}``."""
    return [
        {"hint": "^" + tr(HINT, limit=r"(\d+)") + "$", "message": tr(TOO_LONG, limit="{limit}", n="{n}")}
        for tr in (translator("zh_CN"), translator("en"))
    ]


def routes(pages: Collection[str]) -> list[Route]:
    """A route for each page; the empty address is the start page."""
    html = front_end()

    async def answer(_request: Request) -> Response:
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    return [Route(f"/{page}", answer) for page in pages]


def is_unknown(path: str, pages: Collection[str]) -> bool:
    """Whether a path is neither a page, nor reserved, nor a file."""
    parts = path.strip("/").split("/")
    return parts[0] not in RESERVED and "." not in parts[-1] and "/".join(parts) not in pages


class UnknownAddresses:
    """404, with the way back, for what a person may have mistyped."""

    def __init__(self, app: ASGIApp, pages: Collection[str]) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an unknown address, pass on any other."""
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and is_unknown(scope["path"], self.pages):
            await _not_found(Request(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _not_found(request: Request) -> Response:
    is_english = request.query_params.get("lang") == "en"
    tr: Translator = translator("en" if is_english else "zh_CN")
    html = NOT_FOUND.format(
        lang="en" if is_english else "zh-CN",
        title=escape(tr("This page does not exist")),
        text=escape(
            tr("There is nothing at {address}. Check the link, or start from the overview.", address=request.url.path)
        ),
        back=escape(tr("To the overview")),
        query="?lang=en" if is_english else "",
    )
    return HTMLResponse(html, status_code=404)
