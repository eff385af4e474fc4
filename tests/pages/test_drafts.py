"""What is typed into a form survives the session. Saving it is tested in the browser, where dialogs answer."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.store.database import Database
from core.store.schema import Draft

Open = Callable[..., AppTest]


def open_person(writable: Open, person: int = 17) -> AppTest:
    return writable("people", person=str(person))


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def drafts(db: Database) -> list[str]:
    with db.read() as connection:
        return [row["needs"] for row in connection.scalars(select(Draft.content))]


def test_a_half_filled_visit_is_there_again_in_a_new_session(writable: Open, sample_copy: Database) -> None:
    at = press(open_person(writable), "登记走访")
    at.text_area(key="draft_visit:17__needs").set_value("想学面点，下午有空").run()
    assert drafts(sample_copy) == ["想学面点，下午有空"]

    at = press(open_person(writable), "登记走访")  # another session, as after a restart

    assert at.text_area(key="draft_visit:17__needs").value == "想学面点，下午有空"
    assert any("未保存的内容" in caption.value for caption in at.caption)
