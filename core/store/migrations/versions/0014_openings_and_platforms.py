"""openings: sources, pauses, merges

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

STATUS = ('open', 'paused', 'filled', 'closed')


def upgrade() -> None:
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_job_jobstatus'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_job_jobstatus'), sa.column('status').in_(STATUS))
        batch_op.add_column(sa.Column('status_since', sa.Date(), nullable=True, comment='the status holds since; None: since closes_on'))
        batch_op.add_column(sa.Column('merged_into_id', sa.Integer(), nullable=True, comment='the opening that this one turned out to be'))
        batch_op.create_foreign_key(batch_op.f('fk_job_merged_into_id'), 'job', ['merged_into_id'], ['id'])
        batch_op.create_index(batch_op.f('ix_job_merged_into_id'), ['merged_into_id'], unique=False)

    with op.batch_alter_table('header_mapping', schema=None) as batch_op:
        batch_op.add_column(sa.Column('platform', sa.String(length=40), nullable=True, comment='the recruitment platform whose exports have it'))

    op.create_table('job_source',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('source', sa.Enum('registered', 'employer_visit', 'event', 'platform', name='openingsource', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('platform', sa.String(length=40), nullable=True),
    sa.Column('number', sa.String(length=60), nullable=True, comment='of the posting on its platform'),
    sa.Column('seen_on', sa.Date(), nullable=True),
    sa.Column('leads', sa.Boolean(), nullable=False, comment='its sheet changes the opening; False: it only fills gaps, after a merge'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_job_source_job_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_source')),
    sa.UniqueConstraint('platform', 'number', name=op.f('uq_job_source_platform_number'))
    )
    with op.batch_alter_table('job_source', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_source_job_id'), ['job_id'], unique=False)

    op.create_table('job_pair',
    sa.Column('kept_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('is_same', sa.Boolean(), nullable=False),
    sa.Column('moved', sa.JSON(), nullable=True, comment='table → ids moved to the kept opening'),
    sa.Column('filled', sa.JSON(), nullable=True, comment='field → value that filled a gap'),
    sa.Column('other_status', sa.Enum(*STATUS, name='jobstatus', native_enum=False, create_constraint=True, length=24), nullable=True, comment='before the merge'),
    sa.Column('other_status_since', sa.Date(), nullable=True),
    sa.Column('decided_by', sa.String(length=40), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_by', sa.String(length=40), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['kept_id'], ['job.id'], name=op.f('fk_job_pair_kept_id')),
    sa.ForeignKeyConstraint(['other_id'], ['job.id'], name=op.f('fk_job_pair_other_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_pair'))
    )
    with op.batch_alter_table('job_pair', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_pair_kept_id'), ['kept_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_pair_other_id'), ['other_id'], unique=False)


def downgrade() -> None:
    op.drop_table('job_pair')
    op.drop_table('job_source')
    with op.batch_alter_table('header_mapping', schema=None) as batch_op:
        batch_op.drop_column('platform')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_merged_into_id'))
        batch_op.drop_constraint(batch_op.f('fk_job_merged_into_id'), type_='foreignkey')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('status_since')
        batch_op.drop_constraint(batch_op.f('ck_job_jobstatus'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_job_jobstatus'), sa.column('status').in_(('open', 'filled', 'closed')))
