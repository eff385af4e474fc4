"""the day of imported facts; learnt words

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('audit_event', sa.Column('stated_on', sa.Date(), nullable=True, comment='of an imported row: the day on which its facts hold'))
    op.create_table(
        'learnt_word',
        sa.Column('scope', sa.String(length=40), nullable=False, comment='sheet of a header; kind of word or term of a value'),
        sa.Column('is_header', sa.Boolean(), nullable=False),
        sa.Column('text', sa.String(length=200), nullable=False, comment='as the file writes it'),
        sa.Column('meaning', sa.String(length=200), nullable=False, comment='code of a column, or an accepted word'),
        sa.Column('actor', sa.String(length=40), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), server_default='1', nullable=False),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_learnt_word')),
        sa.UniqueConstraint('scope', 'is_header', 'text', name='uq_learnt_word_scope_is_header_text'),
    )


def downgrade() -> None:
    op.drop_table('learnt_word')
    op.drop_column('audit_event', 'stated_on')
