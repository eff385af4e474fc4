"""The pool and the page of one person."""

from __future__ import annotations

from collections.abc import Callable

from streamlit.testing.v1 import AppTest

Open = Callable[..., AppTest]


def as_colleague(at: AppTest, name: str = "许小满") -> AppTest:
    at.selectbox(key="staff").set_value(name)
    return at.run()


def button(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click()
    return at.run()


def test_the_form_of_a_record_shows_name_and_phone_only_when_they_are_unmasked(sample: Open) -> None:
    at = as_colleague(sample("people", person="900"))

    at = button(at, "更正资料")
    assert not {"姓名", "联系电话"} & {box.label for box in at.text_input}

    at.toggle(key="unmask_900").set_value(True)
    at = button(at.run(), "更正资料")
    boxes = {box.label: box.value for box in at.text_input}
    assert "*" not in boxes["姓名"] + boxes["联系电话"]


def test_nothing_is_unmasked_without_a_named_colleague(sample: Open) -> None:
    at = as_colleague(sample("people", person="900"))
    at.toggle(key="unmask_900").set_value(True).run()
    assert "*" not in at.title[0].value

    at = as_colleague(at, None)

    assert "\\*" in at.title[0].value
