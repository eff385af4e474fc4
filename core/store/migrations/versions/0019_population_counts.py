"""counts of populations, kept up to date from the audit log

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('population_count',
    sa.Column('unit', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('population', sa.String(length=40), nullable=False, comment='code in core.indicators.counts'),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False, comment='head count'),
    sa.PrimaryKeyConstraint('unit', 'population', 'day', name=op.f('pk_population_count'))
    )
    op.create_table('population_stamp',
    sa.Column('unit', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('audit_id', sa.Integer(), nullable=False, comment='the last event of the log that is counted'),
    sa.Column('version', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('unit', name=op.f('pk_population_stamp'))
    )
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unlogged', sa.Integer(), server_default='0', nullable=False, comment='raised by writes that the audit log does not account for'))


def downgrade() -> None:
    with op.batch_alter_table('revision', schema=None) as batch_op:
        batch_op.drop_column('unlogged')
    op.drop_table('population_stamp')
    op.drop_table('population_count')
