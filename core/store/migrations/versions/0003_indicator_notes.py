"""indicator notes

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store import schema


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('indicator_note',
    sa.Column('indicator', sa.String(length=40), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('week', sa.Date(), nullable=False, comment='its Monday'),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('starts_baseline', sa.Boolean(), nullable=False, comment='limits are computed anew from this week on'),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('made_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_indicator_note_community_id_community')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_note'))
    )
    with op.batch_alter_table('indicator_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_indicator_note_indicator'), ['indicator'], unique=False)


def downgrade() -> None:
    op.drop_table('indicator_note')
