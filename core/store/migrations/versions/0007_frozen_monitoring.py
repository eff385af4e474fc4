"""frozen monitoring of reviews

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assessment_monitoring',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('indicator', sa.String(length=40), nullable=False, comment='see core.enterprises.goalposts'),
    sa.Column('value', sa.Double(), nullable=True, comment="in the figure's own unit; None: not computable from the rows"),
    sa.Column('low', sa.Double(), nullable=False, comment='goalpost that scores 0'),
    sa.Column('high', sa.Double(), nullable=False, comment='goalpost that scores 1'),
    sa.Column('frozen_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_monitoring_assessment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_monitoring')),
    sa.UniqueConstraint('assessment_id', 'indicator', name=op.f('uq_assessment_monitoring_assessment_id_indicator'))
    )
    with op.batch_alter_table('assessment_monitoring', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_monitoring_assessment_id'), ['assessment_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('assessment_monitoring', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_monitoring_assessment_id'))

    op.drop_table('assessment_monitoring')
