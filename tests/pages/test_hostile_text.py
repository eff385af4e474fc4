"""Stored text that tries to be a link, an image, a formula or a heading stays text: on every page, in every dialog."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pyarrow as pa
import pytest
from google.protobuf.message import Message
from sqlalchemy import Column, Enum, String, Table, UniqueConstraint, func, update
from streamlit.testing.v1 import AppTest, element_tree
from streamlit.testing.v1.errors import AppTestError

from core.dispatch.commands import freeze_history
from core.intake.seed import SAMPLE_AS_OF
from core.policy import system_access
from core.store.database import Database
from core.store.schema import Base
from pages import frame
from pages.common.bars.mount import FOLDER
from pages.common.session_keys import Key
from tests.stores import NOW, copy_of, sample_store

PAYLOAD = (
    " [x](http://evil.example/a) ![i](http://evil.example/i.png) <img src=http://evil.example/j.png>"
    " www.evil.example a@evil.example $\\href{http://evil.example}{x}$ :red[evil.example]"
)
RAW = "evil.example"  # escaped text has a backslash before the dot
INERT_NAMES = {"id", "form_id", "element_id", "alt", "key"}
CODES = {  # columns that are keys, hashes or words of the program
    *("action", "available_days", "available_from", "available_to", "boundary_source", "code", "credit_code", "entity"),
    *("entity_id", "fingerprint", "hash", "id_hash", "id_last4", "indicator", "iso_week", "item", "key", "language"),
    *(
        "email",
        "half_days",
        "method",
        "method_version",
        "metric_version",
        "password_hash",
        "policy",
        "previous",
        "previous_sha256",
        "scope",
        "sha256",
    ),
    *("sheet", "sign_in_name", "subject", "token_sha256", "unit"),
}
INERT = {  # (message, field) that the front end shows letter by letter, or not at all
    *(("Selectbox", "options"), ("Selectbox", "raw_value"), ("MultiSelect", "options"), ("MultiSelect", "raw_values")),
    *(
        ("TextInput", "default"),
        ("TextInput", "value"),
        ("TextArea", "default"),
        ("TextArea", "value"),
        ("Text", "body"),
    ),
    *(("PageLink", "query_string"), ("VegaLiteChart", "spec"), ("DeckGlJsonChart", "json"), ("Dataframe", "columns")),
    ("BidiComponent", "json"),  # by the module of the bars alone: see below
}


def free_text_columns() -> Iterator[tuple[Any, Any]]:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
            if is_text and not column.foreign_keys and column.name not in CODES and table.name != "audit_event":
                yield table, column


def is_unique(table: Table, column: Column[Any]) -> bool:
    """Whether a text is unique, alone or with others: what is not known stays so."""
    together = [own for own in table.constraints if isinstance(own, UniqueConstraint)]
    return bool(column.unique) or any(column.name in own.columns for own in together)


@pytest.fixture(scope="module")
def hostile_db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The sample district with the payload behind every text, one week of it frozen like that."""
    db = copy_of(sample_store(), tmp_path_factory.mktemp("hostile"))
    with db.engine.begin() as connection:
        for table, column in free_text_columns():
            rows = (
                table.c.key.in_(["name_zh", "name_en", "office_zh", "office_en"]) if table.name == "setting" else True
            )
            connection.execute(
                update(table)
                .where(rows)
                .values({column.name: (column if is_unique(table, column) else func.coalesce(column, "")) + PAYLOAD})
            )
    freeze_history(db, SAMPLE_AS_OF, count=1, actor=system_access(f"x{PAYLOAD}"[:40]), at=NOW)
    yield db
    db.dispose()


def markdown_texts(message: Message, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an element that the front end may read as Markdown, with where it stands."""
    for field, value in message.ListFields():
        name = (message.DESCRIPTOR.name, field.name)
        place = f"{path}/{'.'.join(name)}"
        if name in INERT or field.name in INERT_NAMES:
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, Message):
                yield from markdown_texts(one, place)
            elif isinstance(one, str) and name == ("Html", "body"):  # its own escape; the words themselves may be there
                yield from ((place, tag) for tag in re.findall(r"<[^>]*evil[^>]*>", one))
            elif isinstance(one, str):
                yield place, one
            elif isinstance(one, bytes) and "Table" in place:  # st.table reads its cells as Markdown
                table = pa.ipc.open_stream(one).read_all().to_pandas().reset_index()
                yield from ((place, str(cell)) for cell in [*table.columns, *table.to_numpy().ravel()])


def holes(at: AppTest, after: str) -> set[str]:
    """Where the payload stands unescaped, and what went wrong."""
    protos = [proto for node in at._tree if (proto := getattr(node, "proto", None)) is not None]
    texts = [markdown for proto in protos for markdown in markdown_texts(proto)]
    failures = {f"{after}: {error.value}" for error in at.exception}
    return failures | {f"{after} → {place}: {text[:80]}" for place, text in texts if RAW in text}


class Label(str):
    """The text of an option, as a browser sends it."""


@pytest.fixture(autouse=True)
def labels_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest formats whatever is chosen; what is a label already stays."""
    usual = element_tree._format_value_for_widget
    monkeypatch.setattr(
        element_tree,
        "_format_value_for_widget",
        lambda f, value: value if isinstance(value, Label) else usual(f, value),
    )


def kind_of(key: str) -> str:
    """'open_plan_rate_numerator' → 'open … numerator': buttons of one making, one of which is enough."""
    parts = [part for part in re.split(r"[_\d]+", key) if part] or [key]
    return f"{parts[0]} … {parts[-1]}"


def actions(at: AppTest) -> Iterator[tuple[str, Callable[[AppTest], AppTest]]]:
    """One step for each kind of control of a page: every option of a choice, every switch, the first of alike buttons."""
    for group in (group for group in at.button_group if group.key != "language"):
        is_single = group.proto.click_mode == group.proto.SINGLE_SELECT
        for label in map(Label, group.options):
            choice = label if is_single else [label]
            yield (
                f"{re.sub(r'[_0-9]+', '_', group.key)}={label}",
                lambda at, k=group.key, v=choice: at.button_group(key=k).set_value(v).run(),
            )
    for box in (box for box in at.selectbox if box.key and len(box.options) > 1):
        choice = Label(box.options[1])
        yield re.sub(r"[_\d]+", "_", box.key), lambda at, k=box.key, v=choice: at.selectbox(key=k).set_value(v).run()
    for box in (box for box in at.multiselect if box.key and box.options):
        choice = [Label(box.options[0])]
        yield box.key, lambda at, k=box.key, v=choice: at.multiselect(key=k).set_value(v).run()
    for switch in (switch for switch in at.toggle if switch.key):
        yield switch.key, lambda at, k=switch.key: at.toggle(key=k).set_value(True).run()
    for container in (node for node in at._tree if getattr(getattr(node, "proto", None), "id", "")):
        key = container.proto.id.split("-", 2)[-1]  # $$ID-<hash>-<key>
        if container.type == "tab_container":
            for tab in container.children.values():
                yield f"{key}={tab.label}", lambda at, k=key, v=tab.label: unfold(at, k, v)
        elif container.type in ("expandable", "expander"):
            yield key, lambda at, k=key: unfold(at, k, value=True)
    alike = {
        kind_of(button.key): button.key
        for button in reversed(at.button)
        if button.key and not button.disabled and button.key not in LEAVES
    }
    for kind, key in alike.items():
        yield kind, lambda at, k=key: at.button(key=k).click().run()


def unfold(at: AppTest, key: str, value: str | bool) -> AppTest:
    """The page with a tab or an expander open whose content is made only then."""
    at.session_state[key] = value
    return at.run()


LEAVES = (Key.SIGN_OUT, Key.SWITCH_ROLE)  # after these there is no page any more
PAGES = tuple(entry[0] or "overview" for entries in frame.PAGES.values() for entry in entries)


def test_the_module_of_the_bars_makes_text_of_text() -> None:
    source = (FOLDER / "bars.js").read_text(encoding="utf-8")

    assert "textContent" in source
    assert not re.search(r"HTML|DOMParser|createContextualFragment|document\.write|setAttribute|\.href|\.src\b", source)


@pytest.mark.parametrize("address", PAGES)
def test_stored_text_never_becomes_markup(opener, hostile_db: Database, address: str) -> None:  # type: ignore[no-untyped-def]
    at = opener(hostile_db)(address)
    problems = holes(at, address)
    steps = dict(actions(at))
    done: set[str] = set()

    while steps:
        name, act = steps.popitem()  # what a step brings onto the page comes next, while it is there
        done.add(name)
        with suppress(KeyError, AppTestError):  # a step in between took this control off the page or locked it
            at = act(at)
        problems |= holes(at, f"{address} {name}")
        steps |= {name: act for name, act in actions(at) if name not in done}

    assert problems == set()
