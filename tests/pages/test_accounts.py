"""The accounts page: add, role, link shown once, deactivate; nothing for the demonstration's own administrator."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from core.accounts import queries
from core.locale import translator
from core.policy import Access
from core.store.database import Database
from core.store.schema import Account
from core.terms import AccountRole
from pages.common.escape import md_escape

Open = Callable[..., AppTest]


def stored(db: Database, sign_in_name: str) -> Account:
    with db.write(raises_revision=False) as session:
        session.expire_on_commit = False
        return session.scalars(select(Account).where(Account.sign_in_name == sign_in_name)).one()


def test_an_account_is_added_changed_and_closed_and_its_link_is_shown_once(
    writable: Open, sample_copy: Database
) -> None:
    at = writable("accounts", lang="en")
    at.text_input(key="accounts_new_name").set_value("王五")
    at.text_input(key="accounts_new_sign_in_name").set_value("Wang.Wu")
    at.multiselect(key="accounts_new_communities").set_value([3, 7])
    at.button(key="accounts_new_add").click()
    at.run()
    assert not at.exception
    assert any("/link/" in code.value for code in at.code)
    assert not at.run().code  # shown once
    new = stored(sample_copy, "wang.wu")
    with sample_copy.read() as connection:
        assert queries.communities_of(connection, [new.id]) == {new.id: frozenset({3, 7})}

    at.selectbox(key="accounts_chosen").set_value(new.id)
    at.run()
    at.selectbox(key=f"accounts_role_{new.id}").set_value(AccountRole.AUDITOR)
    at.run()
    at.button(key=f"accounts_save_{new.id}").click()
    at.run()
    assert stored(sample_copy, "wang.wu").role is AccountRole.AUDITOR

    at.button(key=f"accounts_deactivate_{new.id}").click()
    at.run()
    assert not stored(sample_copy, "wang.wu").active
    assert "deactivated" in list(at.dataframe[0].value["State"])
    at.button(key=f"accounts_activate_{new.id}").click()
    at.run()
    assert stored(sample_copy, "wang.wu").active


def test_what_is_refused_is_a_sentence(writable: Open) -> None:
    at = writable("accounts", lang="en")
    at.button(key="accounts_new_add").click()
    at.run()

    assert [error.value for error in at.error] == [md_escape("A sign-in name and a name are needed.")]
    assert not at.code


def test_the_administrator_of_the_demonstration_only_reads(sample: Open, sample_db: Database) -> None:
    with sample_db.read() as connection:
        row = next(r for r in queries.demonstration_accounts(connection) if r.role is AccountRole.ADMINISTRATOR)

    at = sample("accounts", who=Access(row.id, row.name, row.role, None))

    assert len(at.dataframe[0].value) == len(AccountRole)
    assert translator("zh_CN")("Anybody can open the demonstration: its administrator changes no accounts.") in {
        info.value for info in at.info
    }
    assert not [button for button in at.button if str(button.key).startswith("accounts")]
