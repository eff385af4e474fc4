"""The pages around signing in as HTML: no script, nothing from elsewhere, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

from core.accounts.passwords import LONGEST, rules
from core.locale import N_, Translator
from core.policy import Access
from core.terms import AccountRole

__all__ = [
    "Choice",
    "Context",
    "first_administrator",
    "gone",
    "new_password",
    "own_password",
    "progress",
    "sign_in",
]

# What each role sees, for whoever tries the demonstration.
SEES = {
    AccountRole.LEADER: N_("The figures of the district and its weekly meeting; lists are masked."),
    AccountRole.CASEWORKER: N_("The people of two communities, with names when there is a purpose."),
    AccountRole.DISPATCHER: N_("All communities, matching, and the weekly meeting."),
    AccountRole.ENTERPRISE_OFFICER: N_("Employers, micro-workshops and tiers; people only masked."),
    AccountRole.ADMINISTRATOR: N_("Accounts, parameters and imports; no people."),
    AccountRole.AUDITOR: N_("The audit log, and nothing else."),
}

DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">{refresh}
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/sign-in/style.css">
</head>
<body>
<main>
{body}
</main>
<footer>{foot}</footer>
</body>
</html>
"""


@dataclass(frozen=True)
class Context:
    """What every page here shows: language, whose system it is, and where to go afterwards."""

    tr: Translator
    district: str
    office: str
    mark: str  # of invented data, in words; empty where there is none
    is_demonstration: bool  # its roles open by a click
    path: str = "/sign-in"  # of this page, for the link to the other language
    wanted: str = "/"  # page that was asked for


@dataclass(frozen=True)
class Choice:
    """An account of the demonstration."""

    account_id: int
    name: str
    role: AccountRole


def sign_in(
    context: Context,
    *,
    fault: str | None = None,
    typed_name: str = "",
    choices: Sequence[Choice] = (),
    access: Access | None = None,
    with_openid: bool = False,
    has_accounts: bool = True,
) -> str:
    """Roles of the demonstration, the identity provider, name and password: whatever this system offers.

    ``access``: who is signed in already and may want another role.
    """
    tr = context.tr
    parts = [_heading(context)]
    if access is not None:
        now = tr("Signed in as {name}, {role}.", name=access.name, role=tr.term(access.role))
        on = f'<a class="button" href="{escape(context.wanted)}">{escape(tr("Continue"))}</a>'
        parts.append(f'<div class="row"><span>{escape(now)}</span>{on}</div>')
    if choices:
        parts.append(f"<h2>{escape(tr('Try it as'))}</h2>" + _roles(context, choices))
    if with_openid:
        query = escape(urlencode({"next": context.wanted} | _language(tr)))
        label = escape(tr("Sign in with the bureau's identity provider"))
        parts.append(f'<p><a class="button first" href="/sign-in/openid?{query}">{label}</a></p>')
    if has_accounts:
        form = _password_form(context, fault, typed_name)
        is_folded = (bool(choices) or with_openid) and fault is None
        summary = f"<summary>{escape(tr('Sign in by name and password'))}</summary>"
        parts.append(f"<details>{summary}{form}</details>" if is_folded else form)
    elif fault:
        parts.append(f'<p class="fault" role="alert">{escape(fault)}</p>')
    if not has_accounts and not choices:
        parts.append(_no_account_yet(context))
    return _document(context, tr("Sign in"), parts)


def progress(context: Context, done: int, total: int, *, has_failed: bool) -> str:
    """While the first load runs; loads itself again every second."""
    tr = context.tr
    title = tr("Preparing the demonstration district")
    if has_failed:
        text = tr(
            "The demonstration data could not be loaded; see the terminal for the reason. SAMPLE=0 starts without it."
        )
        return _document(context, title, [_heading(context), f'<p class="fault" role="alert">{escape(text)}</p>'])
    bar = f'<progress value="{done}" max="{total}" aria-label="{escape(title)}"></progress>'
    parts = [
        _heading(context),
        f"<h2>{escape(title)}</h2>{bar}",
        f"<p>{escape(tr('Sheet {n} of {all}', n=done, all=total))}</p>",
        f'<p class="quiet">{escape(tr("This happens once and takes less than half a minute."))}</p>',
    ]
    return _document(context, title, parts, refresh=True)


def first_administrator(context: Context, *, fault: str | None = None, sign_in_name: str = "", name: str = "") -> str:
    """The page of the link that the terminal has printed: name and password of the first administrator."""
    tr = context.tr
    fields = [
        _field("sign_in_name", tr("Sign-in name"), value=sign_in_name, complete="username", longest=60),
        _field("name", tr("Name, as it appears in the log"), value=name, complete="name", longest=40),
        _new_password_fields(tr),
    ]
    intro = tr("This link works once. You become the administrator of this system and can add the accounts of others.")
    return _form_page(context, tr("The first administrator"), intro, fields, tr("Create the account"), fault)


def new_password(context: Context, sign_in_name: str, *, fault: str | None = None) -> str:
    """The page of a link that an administrator has sent."""
    tr = context.tr
    intro = tr("Sign-in name: {name}. This link works once.", name=sign_in_name)
    known = f'<input type="hidden" name="username" autocomplete="username" value="{escape(sign_in_name)}">'
    return _form_page(
        context, tr("Choose a password"), intro, [known, _new_password_fields(tr)], tr("Save and sign in"), fault
    )


def own_password(context: Context, access: Access, *, fault: str | None = None, has_password: bool = True) -> str:
    """Change the password of the account that is signed in."""
    tr = context.tr
    back = f'<p><a href="/{_suffix(tr)}">{escape(tr("Back"))}</a></p>'
    title = tr("Change password")
    if not has_password:
        text = tr("This account has no password here: it signs in by the identity provider or by a click.")
        return _document(context, title, [_heading(context, title), f"<p>{escape(text)}</p>", back])
    old = _field("old", tr("Present password"), kind="password", complete="current-password")
    who = tr("Signed in as {name}, {role}.", name=access.name, role=tr.term(access.role))
    intro = who + (" " if tr.is_english else "") + tr("Other browsers of this account are signed out.")
    fields = [old, _new_password_fields(tr)]
    return _form_page(context, title, intro, fields, tr("Change password"), fault, after=back)


def gone(context: Context) -> str:
    """The page of a link that was used or is too old."""
    tr = context.tr
    title = tr("This link does not work any more")
    text = tr("It was used already, or it is too old. An administrator can send a new one.")
    back = f'<p><a href="/sign-in{_suffix(tr)}">{escape(tr("Sign in"))}</a></p>'
    return _document(context, title, [_heading(context, title), f"<p>{escape(text)}</p>", back])


def _language(tr: Translator) -> dict[str, str]:
    return {"lang": "en"} if tr.is_english else {}


def _suffix(tr: Translator) -> str:
    return "?lang=en" if tr.is_english else ""


def _document(context: Context, title: str, parts: Sequence[str], *, refresh: bool = False) -> str:
    tr = context.tr
    other = {} if tr.is_english else {"lang": "en"}
    query = urlencode(({} if context.wanted in ("/", "/?lang=en") else {"next": context.wanted}) | other)
    switch = escape(context.path + (f"?{query}" if query else ""))
    return DOCUMENT.format(
        lang="en" if tr.is_english else "zh-CN",
        refresh='<meta http-equiv="refresh" content="1">' if refresh else "",
        title=escape(f"{title} · {context.district}"),
        body="\n".join(parts),
        foot=f'<a href="{switch}" hreflang="{"zh-CN" if tr.is_english else "en"}">'
        f"{'中文' if tr.is_english else 'English'}</a>",
    )


def _heading(context: Context, title: str | None = None) -> str:
    badge = f' <span class="badge">{escape(context.mark)}</span>' if context.mark else ""
    whose = f'<p class="quiet">{escape(context.district)} · {escape(context.office)}{badge}</p>'
    return f"<h1>{escape(title or context.tr('Community employment'))}</h1>{whose}"


def _roles(context: Context, choices: Sequence[Choice]) -> str:
    tr = context.tr
    buttons = "".join(
        f'<li><button name="account" value="{choice.account_id}"><strong>{escape(tr.term(choice.role))} · {escape(choice.name)}'
        f'</strong><span class="quiet">{escape(tr(SEES[choice.role]))}</span></button></li>'
        for choice in choices
    )
    return _form("/sign-in/demonstration", context, f'<ul class="roles">{buttons}</ul>')


def _password_form(context: Context, fault: str | None, typed_name: str) -> str:
    tr = context.tr
    fields = _field("name", tr("Sign-in name"), value=typed_name, complete="username", longest=60)
    fields += _field("password", tr("Password"), kind="password", complete="current-password")
    alert = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    return _form("/sign-in", context, f'{alert}{fields}<button class="first">{escape(tr("Sign in"))}</button>')


def _no_account_yet(context: Context) -> str:
    tr = context.tr
    ended = tr("The demonstration has ended with an import of real people; its roles no longer open.")
    end = f"<p>{escape(ended)}</p>" if context.mark and not context.is_demonstration else ""
    text = tr("Nobody can sign in yet. Whoever runs the server finds a link in its terminal, or makes a new one with:")
    return f"{end}<p>{escape(text)}</p><p><code>python -m core.staff first-link</code></p>"


def _form(action: str, context: Context, content: str) -> str:
    """A form that carries the wanted page and the language along."""
    hidden = {"next": context.wanted} | _language(context.tr)
    fields = "".join(f'<input type="hidden" name="{key}" value="{escape(value)}">' for key, value in hidden.items())
    return f'<form method="post" action="{escape(action)}">{fields}{content}</form>'


def _form_page(
    context: Context, title: str, intro: str, fields: Sequence[str], button: str, fault: str | None, *, after: str = ""
) -> str:
    alert = f'<p class="fault" role="alert">{escape(fault)}</p>' if fault else ""
    content = "".join(fields) + f'<button class="first">{escape(button)}</button>'
    parts = [_heading(context, title), f"<p>{escape(intro)}</p>{alert}", _form(context.path, context, content), after]
    return _document(context, title, parts)


def _new_password_fields(tr: Translator) -> str:
    first = _field("password", tr("New password"), kind="password", complete="new-password")
    again = _field("again", tr("New password again"), kind="password", complete="new-password")
    return f'{first}<p class="quiet">{escape(rules(tr))}</p>{again}'


def _field(
    name: str, label: str, *, kind: str = "text", value: str = "", complete: str = "off", longest: int = LONGEST
) -> str:
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" type="{kind}" value="{escape(value)}" '
        f'autocomplete="{complete}" maxlength="{longest}" required>'
    )
