"""why a recommendation was closed

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

REASONS = sa.Enum('opening_closed', 'works_elsewhere', 'one_opening', name='closingreason', native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closing_reason', REASONS, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_referral_closingreason'), type_='check')
        batch_op.drop_column('closing_reason')
