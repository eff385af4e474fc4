"""accounts and sign-in

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store import schema


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('sign_in_name', sa.String(length=60), nullable=False, comment='as typed to sign in, in lower case'),
    sa.Column('name', sa.String(length=40), nullable=False, comment='shown, and recorded with every change'),
    sa.Column('role', sa.Enum('leader', 'caseworker', 'dispatcher', 'enterprise_officer', 'administrator', 'auditor', name='accountrole', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('is_demonstration', sa.Boolean(), nullable=False, comment='opened by a click, as long as the store holds the demonstration district'),
    sa.Column('password_hash', sa.String(length=200), nullable=True, comment='Argon2id; None: no sign-in by password'),
    sa.Column('subject', sa.String(length=255), nullable=True, comment='at the OpenID provider'),
    sa.Column('email', sa.String(length=200), nullable=True, comment='verified by the OpenID provider'),
    sa.Column('staff_id', sa.Integer(), nullable=True),
    sa.Column('failed_count', sa.Integer(), server_default='0', nullable=False, comment='wrong passwords since the last right one'),
    sa.Column('locked_until', schema.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_member.id'], name=op.f('fk_account_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    sa.UniqueConstraint('name', name=op.f('uq_account_name')),
    sa.UniqueConstraint('sign_in_name', name=op.f('uq_account_sign_in_name')),
    sa.UniqueConstraint('subject', name=op.f('uq_account_subject'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_staff_id'), ['staff_id'], unique=False)

    op.create_table('account_community',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_community_account_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_account_community_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_community')),
    sa.UniqueConstraint('account_id', 'community_id', name=op.f('uq_account_community_account_id_community_id'))
    )
    with op.batch_alter_table('account_community', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_community_community_id'), ['community_id'], unique=False)

    op.create_table('one_time_link',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True, comment='None: it makes the first administrator'),
    sa.Column('expires_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', schema.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_one_time_link_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_link')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_one_time_link_token_sha256'))
    )
    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_link_account_id'), ['account_id'], unique=False)

    op.create_table('sign_in_session',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('created_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', schema.UtcDateTime(timezone=True), nullable=False, comment='last action of the person, to the minute'),
    sa.Column('expires_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', schema.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_session_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_session')),
    sa.UniqueConstraint('token_sha256', name=op.f('uq_sign_in_session_token_sha256'))
    )
    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_session_account_id'), ['account_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('sign_in_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_session_account_id'))

    op.drop_table('sign_in_session')
    with op.batch_alter_table('one_time_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_one_time_link_account_id'))

    op.drop_table('one_time_link')
    with op.batch_alter_table('account_community', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_community_community_id'))

    op.drop_table('account_community')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_staff_id'))

    op.drop_table('account')
