"""dated targets

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

UNDATED = 'uq_target_indicator_year_community_id'
DATED = 'uq_target_indicator_year_community_id_valid_from'


def upgrade() -> None:
    """A target that is stored already is valid from the first day of its year."""
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.add_column(sa.Column('valid_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('reason', sa.String(length=200), nullable=True, comment='of a change; None for an imported target'))
        batch_op.add_column(sa.Column('author', sa.String(length=40), nullable=True))

    target = sa.table('target', sa.column('year', sa.Integer()), sa.column('valid_from', sa.Date()))
    connection = op.get_bind()
    for year in connection.scalars(sa.select(target.c.year).distinct()).all():
        connection.execute(sa.update(target).where(target.c.year == year).values(valid_from=date(year, 1, 1)))

    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.alter_column('valid_from', existing_type=sa.Date(), nullable=False)
        batch_op.drop_constraint(UNDATED, type_='unique')
        batch_op.create_unique_constraint(DATED, ['indicator', 'year', 'community_id', 'valid_from'])


def downgrade() -> None:
    """Back to one target a year: the one that is valid last."""
    op.execute(
        'DELETE FROM target WHERE EXISTS (SELECT 1 FROM target AS later WHERE later.indicator = target.indicator '
        'AND later.year = target.year AND coalesce(later.community_id, 0) = coalesce(target.community_id, 0) '
        'AND later.valid_from > target.valid_from)'
    )
    with op.batch_alter_table('target', schema=None) as batch_op:
        batch_op.drop_constraint(DATED, type_='unique')
        batch_op.create_unique_constraint(UNDATED, ['indicator', 'year', 'community_id'])
        batch_op.drop_column('author')
        batch_op.drop_column('reason')
        batch_op.drop_column('valid_from')
