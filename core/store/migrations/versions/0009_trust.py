"""anchors of the audit log, erasable personal values, drafts, day of anonymisation

Revision ID: 0009
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

INDEXED = ('at', 'actor', 'action')


def upgrade() -> None:
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('personal', sa.JSON(none_as_null=True), nullable=True, comment='fields, and salt until erased'))
        # The log outlives the imports that it speaks of.
        batch_op.drop_constraint(batch_op.f('fk_audit_event_batch_id'), type_='foreignkey')
        for name in INDEXED:
            batch_op.create_index(batch_op.f(f'ix_audit_event_{name}'), [name], unique=False)
    with op.batch_alter_table('weekly_snapshot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('audit_count', sa.Integer(), nullable=True, comment='events of the audit log just before the week was frozen'))
        batch_op.add_column(sa.Column('audit_hash', sa.String(length=64), nullable=True, comment='hash of the last of them'))
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('anonymised_on', sa.Date(), nullable=True, comment='who the person is was erased on this day'))
    op.create_table('draft',
    sa.Column('owner', sa.String(length=40), nullable=False, comment='who typed it'),
    sa.Column('form', sa.String(length=80), nullable=False, comment='code of the form, and the row that it is about'),
    sa.Column('content', sa.JSON(), nullable=False, comment='field → value, plain'),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft')),
    sa.UniqueConstraint('owner', 'form', name=op.f('uq_draft_owner_form'))
    )


def downgrade() -> None:
    op.drop_table('draft')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('anonymised_on')
    with op.batch_alter_table('weekly_snapshot', schema=None) as batch_op:
        batch_op.drop_column('audit_hash')
        batch_op.drop_column('audit_count')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        for name in INDEXED:
            batch_op.drop_index(batch_op.f(f'ix_audit_event_{name}'))
        batch_op.create_foreign_key(batch_op.f('fk_audit_event_batch_id'), 'import_batch', ['batch_id'], ['id'])
        batch_op.drop_column('personal')
