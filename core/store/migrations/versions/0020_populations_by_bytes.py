"""codes of populations compare by their bytes

Sorting the counts of a unit, and finding them by the index, compared codes by the language rules of the database, which
takes four times as long on PostgreSQL.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _collate('C')


def downgrade() -> None:
    _collate(None)


def _collate(collation: str | None) -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.alter_column('population_count', 'population', type_=sa.String(length=40, collation=collation), existing_nullable=False)
