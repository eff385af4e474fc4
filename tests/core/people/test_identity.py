"""ID numbers and phones: our own check, the keyed hash, and nothing of the number in a traceback."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn.ric import calc_check_digit

from core.people.identity import (
    IdentityError,
    id_hash,
    read_id_number,
    read_last_four,
    read_phones,
)
from core.terms import Sex
from tests.core.intake.files import id_number


def test_the_example_of_the_standard_has_its_check_character() -> None:
    assert read_id_number("11010519491231002X").number.endswith("X")


@given(st.dates(date(1930, 1, 1), date(2009, 12, 31)), st.integers(0, 499), st.booleans())
def test_a_number_tells_birth_and_sex(born: date, serial: int, woman: bool) -> None:
    identity = read_id_number(id_number(serial, born, woman=woman))

    assert identity.birth_date == born
    assert identity.sex is (Sex.FEMALE if woman else Sex.MALE)
    assert identity.known_region
    assert not identity.converted


@given(st.integers(0, 499), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(serial: int, place: int, by: int) -> None:
    right = id_number(serial)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]

    with pytest.raises(IdentityError):
        read_id_number(wrong)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("3.70811E+17", "id_scientific"),
        ("37089919850601", "id_length"),
        ("37089919850601122a", "id_characters"),
        ("３７０８９９198506011227", "id_characters"),  # full-width digits are made half-width before
        ("370899198513011227", "id_date"),
        ("370899198506011220", "id_check"),
    ],
)
def test_what_is_wrong_with_a_number_has_a_name(text: str, fault: str) -> None:
    with pytest.raises(IdentityError) as raised:
        read_id_number(text)

    assert raised.value.fault == fault


def test_an_old_number_is_converted_and_says_so() -> None:
    identity = read_id_number("110105 491231 002")

    assert identity.number == "11010519491231002X"
    assert identity.converted


def test_a_region_without_province_is_told_but_no_reason_to_refuse() -> None:
    stem = "99089919850601122"

    assert not read_id_number(stem + calc_check_digit(stem + "?")).known_region


def test_the_number_stays_out_of_the_representation() -> None:
    assert "1985" not in repr(read_id_number(id_number(1)))


def test_the_hash_depends_on_the_key_and_is_stable() -> None:
    one = id_hash(b"k" * 32, "370899198506011227")

    assert one == id_hash(b"k" * 32, "370899198506011227")
    assert one != id_hash(b"q" * 32, "370899198506011227")
    assert len(one) == 64


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("13800001111", ("13800001111", None)),
        ("+86 138-0000-1111", ("13800001111", None)),
        ("008613800001111", ("13800001111", None)),
        ("13800001111.0", ("13800001111", None)),
        ("0537-2210000", ("05372210000", None)),
        ("13800001111/13900002222", ("13800001111", "13900002222")),
        ("13800001111、0537-2210000", ("13800001111", "05372210000")),
        ("13800001111 13900002222", ("13800001111", "13900002222")),
    ],
)
def test_phone_numbers_are_read_as_people_write_them(text: str, numbers: tuple[str, str | None]) -> None:
    assert read_phones(text) == numbers


@pytest.mark.parametrize("text", ["", "1380000111", "12800001111", "电话", "13800001111、13900002222、13700003333"])
def test_other_texts_are_no_phone_numbers(text: str) -> None:
    with pytest.raises(IdentityError):
        read_phones(text)


def test_the_last_four_come_from_four_characters_or_a_masked_number() -> None:
    assert read_last_four("122x") == "122X"
    assert read_last_four("370899********1227") == "1227"
    with pytest.raises(IdentityError):
        read_last_four("227")
