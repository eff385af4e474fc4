"""Answers of the addresses around signing in."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from core.accounts import passwords, queries, sessions, sign_in
from core.accounts.commands import AccountRefused, NewAccount, usable_link
from core.accounts.sign_in import Refusal, SignInRefused, Throttles
from core.locale import translator
from core.policy import Access
from core.store.commands import NotFound
from core.store.database import Database
from core.terms import AccountRole
from pages import cache, startup
from pages.sign_in import cookie, documents, openid
from pages.sign_in.documents import Choice, Context
from pages.sign_in.gate import local_address

__all__ = ["HEADERS", "Doors", "is_same_origin"]

log = logging.getLogger("dashboard.sign_in")

STYLE = Path(__file__).resolve().parents[1] / "static" / "sign_in.css"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
}
LARGEST_FORM = 10_000  # bytes
WANTED = "sign_in_next"  # in the session of the redirect to the provider


class Doors:
    """The ways in and out. ``pages``: the addresses that a sign-in may lead to."""

    def __init__(self, pages: Collection[str]) -> None:
        self.pages = pages
        self.throttles = Throttles.new()
        self.hashing = CapacityLimiter(2)  # Argon2 takes 64 MiB and a core

    @property
    def routes(self) -> list[Route]:
        """Every address around signing in."""
        return [
            Route("/sign-in", self.show, methods=["GET"]),
            Route("/sign-in", self.by_password, methods=["POST"]),
            Route("/sign-in/demonstration", self.by_demonstration, methods=["POST"]),
            Route("/sign-in/openid", self.to_provider, methods=["GET"]),
            Route("/sign-in/openid/callback", self.by_openid, methods=["GET"], name="openid_callback"),
            Route("/sign-in/style.css", style, methods=["GET"]),
            Route("/sign-out", self.sign_out, methods=["POST"]),
            Route("/session", self.session, methods=["GET"]),
            Route("/link/{token}", self.show_link, methods=["GET"]),
            Route("/link/{token}", self.use_link, methods=["POST"]),
            Route("/password", self.show_password, methods=["GET"]),
            Route("/password", self.change_password, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The sign-in page; who is signed in goes on, but to another role of the demonstration."""
        access = await _access(request)
        context = await run_in_threadpool(self._context, request)
        if access is not None and not context.is_demonstration:
            return RedirectResponse(context.wanted, 303, HEADERS)
        return await self._sign_in_page(context, access=access)

    async def by_password(self, request: Request) -> Response:
        """Check name and password."""
        form, refused = await _form(request)
        if refused is not None:
            return refused
        context = await run_in_threadpool(self._context, request, form)
        try:
            token = await to_thread.run_sync(
                lambda: sign_in.by_password(
                    cache.store.city(),
                    self.throttles,
                    sign_in_name=form.get("name", ""),
                    password=form.get("password", ""),
                    address=_address(request),
                    now=datetime.now(UTC),
                ),
                limiter=self.hashing,
            )
        except SignInRefused as error:
            return await self._refused(context, error, typed_name=form.get("name", ""))
        return await self._signed_in(request, token, context.wanted)

    async def by_demonstration(self, request: Request) -> Response:
        """A role of the demonstration, by one click."""
        form, refused = await _form(request)
        if refused is not None:
            return refused
        context = await run_in_threadpool(self._context, request, form)
        account = form.get("account", "")
        try:
            token = await run_in_threadpool(
                sign_in.by_demonstration,
                cache.store.city(),
                account_id=int(account) if account.isascii() and account.isdigit() and len(account) < 10 else -1,
                address=_address(request),
                now=datetime.now(UTC),
            )
        except SignInRefused as error:
            return await self._refused(context, error)
        return await self._signed_in(request, token, context.wanted)

    async def to_provider(self, request: Request) -> Response:
        """Off to the bureau's identity provider."""
        if not openid.is_on():
            return PlainTextResponse("", 404)
        context = await run_in_threadpool(self._context, request)
        request.session[WANTED] = [context.wanted, context.tr.lang]
        try:
            return await openid.to_provider(request, str(request.url_for("openid_callback")))
        except openid.ProviderError as error:
            return await self._provider_failed(context, error)

    async def by_openid(self, request: Request) -> Response:
        """Back from the identity provider."""
        if not openid.is_on():
            return PlainTextResponse("", 404)
        wanted, lang = request.session.pop(WANTED, ["/", "zh_CN"])
        context = await run_in_threadpool(self._context, request, {"next": wanted, "lang": lang})
        try:
            person = await openid.person(request)
        except openid.ProviderError as error:
            return await self._provider_failed(context, error)
        finally:
            request.session.clear()
        try:
            token = await run_in_threadpool(
                sign_in.by_openid,
                cache.store.city(),
                subject=person.subject,
                verified_email=person.verified_email,
                who=person.who,
                address=_address(request),
                now=datetime.now(UTC),
            )
        except SignInRefused as error:
            return await self._refused(context, error)
        return await self._signed_in(request, token, context.wanted)

    async def sign_out(self, request: Request) -> Response:
        """End the session and take the cookie back."""
        form, refused = await _form(request)
        if refused is not None:
            return refused
        await run_in_threadpool(sessions.end, cache.store.city(), cookie.token_of(request.scope), datetime.now(UTC))
        response = RedirectResponse("/sign-in" + ("?lang=en" if form.get("lang") == "en" else ""), 303, HEADERS)
        cookie.forget(response, request.scope)
        return response

    async def session(self, request: Request) -> Response:
        """204 while the browser is signed in, else 401: asked by open pages when their socket closes."""
        return Response(status_code=401 if await _access(request) is None else 204, headers=HEADERS)

    async def show_link(self, request: Request) -> Response:
        """The form of a one-time link; looking at it does not use it up."""
        return await self._link_page(request, {})

    async def use_link(self, request: Request) -> Response:
        """Set the password, make the first administrator if the link is for that, and sign in."""
        form, refused = await _form(request)
        if refused is not None:
            return refused
        token = request.path_params["token"]
        link = await run_in_threadpool(usable_link, cache.store.city(), token, datetime.now(UTC))
        if link is None:
            return await self._link_page(request, form)
        new = None
        if link.account_id is None:
            new = NewAccount(form.get("sign_in_name", ""), form.get("name", "").strip(), AccountRole.ADMINISTRATOR)
        names = (link.sign_in_name or form.get("sign_in_name", "").strip(), link.name or form.get("name", "").strip())
        fault = _fault_of(form, names)
        if fault is not None:
            return await self._link_page(request, form, fault)
        try:
            signed_in = await to_thread.run_sync(
                lambda: sign_in.by_link(
                    cache.store.city(),
                    token=token,
                    password=form.get("password", ""),
                    first=new,
                    address=_address(request),
                    now=datetime.now(UTC),
                ),
                limiter=self.hashing,
            )
        except AccountRefused as error:
            return await self._link_page(request, form, error.sentence(_translator(form)))
        except NotFound:
            return await self._link_page(request, form)
        return await self._signed_in(request, signed_in, "/" + ("?lang=en" if form.get("lang") == "en" else ""))

    async def show_password(self, request: Request) -> Response:
        """The form to change one's own password."""
        return await self._password_page(request, {})

    async def change_password(self, request: Request) -> Response:
        """Check the old password, set the new one, keep this browser signed in."""
        form, refused = await _form(request)
        if refused is not None:
            return refused
        access, row = await _account(request)
        if access is None or row is None or row.password_hash is None:
            return await self._password_page(request, form)
        fault = _fault_of(form, (row.sign_in_name, access.name))
        if fault is not None:
            return await self._password_page(request, form, fault)
        try:
            token = await to_thread.run_sync(
                lambda: sign_in.with_new_password(
                    cache.store.city(),
                    self.throttles,
                    sign_in_name=row.sign_in_name,
                    old=form.get("old", ""),
                    new=form.get("password", ""),
                    address=_address(request),
                    now=datetime.now(UTC),
                ),
                limiter=self.hashing,
            )
        except SignInRefused as error:
            tr = _translator(form)
            wrong = tr("The present password is wrong.") if error.refusal is Refusal.WRONG else error.sentence(tr)
            return await self._password_page(request, form, wrong)
        return await self._signed_in(request, token, "/" + ("?lang=en" if form.get("lang") == "en" else ""))

    async def _sign_in_page(
        self,
        context: Context,
        *,
        fault: str | None = None,
        typed_name: str = "",
        access: Access | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        state = startup.STATE
        if not state.is_ready:
            html = documents.progress(context, state.done, state.total, has_failed=state.error is not None)
            return HTMLResponse(html, 200, HEADERS)
        choices, has_accounts = await run_in_threadpool(_offers)
        html = documents.sign_in(
            context,
            fault=fault,
            typed_name=typed_name,
            choices=choices,
            access=access,
            with_openid=openid.is_on(),
            has_accounts=has_accounts,
        )
        return HTMLResponse(html, status, {**HEADERS, **(headers or {})})

    async def _refused(self, context: Context, error: SignInRefused, typed_name: str = "") -> Response:
        """The sign-in page with the reason; 429 with the seconds to wait, 403 for a closed door, 401 otherwise."""
        headers, status = {}, 401
        if error.until is not None:
            status = 429
            headers["Retry-After"] = str(max(1, round((error.until - datetime.now(UTC)).total_seconds())))
        elif error.refusal in (Refusal.CLOSED, Refusal.UNKNOWN_PERSON):
            status = 403
        fault = error.sentence(context.tr)
        return await self._sign_in_page(context, fault=fault, typed_name=typed_name, status=status, headers=headers)

    async def _provider_failed(self, context: Context, error: openid.ProviderError) -> Response:
        log.warning("sign-in by the identity provider failed: %s", error)
        fault = context.tr("The identity provider did not confirm the sign-in. Please try again.")
        return await self._sign_in_page(context, fault=fault, status=502)

    async def _signed_in(self, request: Request, token: str, wanted: str) -> Response:
        """To the wanted page with the new cookie; the session that the browser had before ends."""
        before = cookie.token_of(request.scope)
        await run_in_threadpool(sessions.end, cache.store.city(), before, datetime.now(UTC))
        response = RedirectResponse(wanted, 303, HEADERS)
        cookie.give(response, token, request.scope)
        return response

    async def _link_page(self, request: Request, form: Mapping[str, str], fault: str | None = None) -> Response:
        token = request.path_params["token"]
        context = await run_in_threadpool(self._context, request, form, path=f"/link/{token}")
        link = await run_in_threadpool(usable_link, cache.store.city(), token, datetime.now(UTC))
        if link is None:
            return HTMLResponse(documents.gone(context), 404, HEADERS)
        status = 200 if fault is None else 422
        if link.sign_in_name is not None:
            return HTMLResponse(documents.new_password(context, link.sign_in_name, fault=fault), status, HEADERS)
        html = documents.first_administrator(
            context, fault=fault, sign_in_name=form.get("sign_in_name", ""), name=form.get("name", "")
        )
        return HTMLResponse(html, status, HEADERS)

    async def _password_page(self, request: Request, form: Mapping[str, str], fault: str | None = None) -> Response:
        access, row = await _account(request)
        if access is None:  # the gate has let nobody else in; the session ended meanwhile
            return RedirectResponse("/sign-in", 303, HEADERS)
        context = await run_in_threadpool(self._context, request, form, path="/password")
        has_password = row is not None and row.password_hash is not None
        html = documents.own_password(context, access, fault=fault, has_password=has_password)
        return HTMLResponse(html, 200 if fault is None else 422, HEADERS)

    def _context(self, request: Request, form: Mapping[str, str] | None = None, *, path: str = "/sign-in") -> Context:
        given = form if form is not None and form else dict(request.query_params)
        tr = _translator(given)
        district = cache.store.district(cache.store.revision())
        wanted = local_address(given.get("next", "/"), self.pages, lang=tr.lang)
        mark = tr(district.mark) if district.mark else ""
        return Context(tr, district.name(tr.lang), district.office(tr.lang), mark, district.demo, path, wanted)


async def style(_request: Request) -> Response:
    """The style of these pages."""
    return FileResponse(STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"})


def is_same_origin(request: Request) -> bool:
    """Whether a form comes from this site: browsers name the origin of every POST."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    return urlsplit(origin).netloc == request.headers.get("host")


async def _form(request: Request) -> tuple[dict[str, str], Response | None]:
    """The fields of a form, or the answer that refuses it: from another site, or too large."""
    length = request.headers.get("content-length", "")
    if not is_same_origin(request):
        return {}, PlainTextResponse("This form belongs to another site.", 403, HEADERS)
    if not length.isdigit() or int(length) > LARGEST_FORM:
        return {}, PlainTextResponse("This form is too large.", 413, HEADERS)
    async with request.form(max_files=0, max_fields=12) as form:
        return {key: value for key, value in form.items() if isinstance(value, str)}, None


def _fault_of(form: Mapping[str, str], names: tuple[str, str]) -> str | None:
    """What is wrong with the new password of a form."""
    tr = _translator(form)
    if form.get("password", "") != form.get("again", ""):
        return tr("The two passwords differ.")
    return passwords.fault(form.get("password", ""), names=names, tr=tr)


def _translator(given: Mapping[str, str]) -> Any:
    return translator("en" if given.get("lang") == "en" else "zh_CN")


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "-"


async def _access(request: Request) -> Access | None:
    return await run_in_threadpool(
        sessions.resolve, cache.store.city(), cookie.token_of(request.scope), datetime.now(UTC)
    )


async def _account(request: Request) -> tuple[Access | None, Any]:
    """Who is signed in, and the row of the account."""
    access = await _access(request)
    if access is None or access.account_id is None:
        return access, None
    return access, await run_in_threadpool(_row, cache.store.city(), access.account_id)


def _row(db: Database, account_id: int) -> Any:
    with db.read() as connection:
        return queries.account(connection, account_id)


def _offers() -> tuple[list[Choice], bool]:
    """The accounts of the demonstration, and whether anybody else can sign in."""
    with cache.store.city().read() as connection:
        rows = queries.demonstration_accounts(connection)
        return [Choice(row.id, row.name, row.role) for row in rows], queries.has_accounts(connection)
