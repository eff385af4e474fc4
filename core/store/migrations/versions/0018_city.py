"""districts of a city, and who may open which

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('district',
    sa.Column('key', sa.String(length=24), nullable=False, comment='in addresses and in the name of the schema'),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_district')),
    sa.UniqueConstraint('key', name=op.f('uq_district_key')),
    sa.UniqueConstraint('name', name=op.f('uq_district_name'))
    )
    op.create_table('account_district',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('district_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_district_account_id')),
    sa.ForeignKeyConstraint(['district_id'], ['district.id'], name=op.f('fk_account_district_district_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_district')),
    sa.UniqueConstraint('account_id', 'district_id', name=op.f('uq_account_district_account_id_district_id'))
    )
    with op.batch_alter_table('account_district', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_district_district_id'), ['district_id'], unique=False)

    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('district_id', sa.Integer(), nullable=True, comment='of a city: the one that was chosen last'))
        batch_op.create_foreign_key(batch_op.f('fk_sign_in_session_district_id'), 'district', ['district_id'], ['id'])


def downgrade() -> None:
    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sign_in_session_district_id'), type_='foreignkey')
        batch_op.drop_column('district_id')

    with op.batch_alter_table('account_district', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_district_district_id'))

    op.drop_table('account_district')
    op.drop_table('district')
