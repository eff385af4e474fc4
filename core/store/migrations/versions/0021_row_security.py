"""row-level security of the tables about people

The policies are raised at the end of every upgrade, like the guards of the log, so that a table of a later version has
them too. This step is what keeps a version of the app that does not name its communities from a store that wants them.

Revision ID: 0021
Revises: 0020
"""

from __future__ import annotations

from alembic import op

from core.store.row_security import drop_policies

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: see above."""


def downgrade() -> None:
    drop_policies(op.get_bind())
