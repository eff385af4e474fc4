"""the person page complete, merges of people recorded twice

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == 'sqlite':
        _number_people_once()
    op.create_table('person_correction',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False, comment="column of person, or table: 'person_skill', 'hardship' …"),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_correction_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_correction'))
    )
    op.create_index(op.f('ix_person_correction_person_id'), 'person_correction', ['person_id'], unique=False)
    op.create_table('distinct_pair',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_distinct_pair_other_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_distinct_pair_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_distinct_pair')),
    sa.UniqueConstraint('person_id', 'other_id', name=op.f('uq_distinct_pair_person_id_other_id'))
    )
    op.create_index(op.f('ix_distinct_pair_other_id'), 'distinct_pair', ['other_id'], unique=False)
    op.create_index(op.f('ix_distinct_pair_person_id'), 'distinct_pair', ['person_id'], unique=False)
    op.create_table('person_merge',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('others', sa.JSON(), nullable=False, comment='numbers of the records that went'),
    sa.Column('merged_on', sa.Date(), nullable=False),
    sa.Column('merged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('images', sa.JSON(none_as_null=True), nullable=True, comment='rows before and after; None: erased with the person'),
    sa.Column('sha256', sa.String(length=64), nullable=False, comment='of images'),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_merge_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_merge'))
    )
    op.create_index(op.f('ix_person_merge_person_id'), 'person_merge', ['person_id'], unique=False)
    op.create_table('person_alias',
    sa.Column('person_id', sa.Integer(), nullable=False, comment='who they are now'),
    sa.Column('old_id', sa.Integer(), nullable=False, comment='number of the record before the merge'),
    sa.Column('id_hash', sa.String(length=64), nullable=True, comment='as in person; None where the person has it'),
    sa.Column('merge_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['merge_id'], ['person_merge.id'], name=op.f('fk_person_alias_merge_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_alias_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_alias')),
    sa.UniqueConstraint('id_hash', name=op.f('uq_person_alias_id_hash'))
    )
    op.create_index(op.f('ix_person_alias_merge_id'), 'person_alias', ['merge_id'], unique=False)
    op.create_index(op.f('ix_person_alias_old_id'), 'person_alias', ['old_id'], unique=False)
    op.create_index(op.f('ix_person_alias_person_id'), 'person_alias', ['person_id'], unique=False)

    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('review_on', sa.Date(), nullable=True, comment='the plan is looked at again on this day'))
        batch_op.add_column(sa.Column('closing_reason', sa.String(length=200), nullable=True))
    with op.batch_alter_table('plan_measure', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owner', sa.String(length=40), nullable=True, comment='who does it; None: who owns the plan'))
    for table in ('person_state', 'hardship', 'person_skill'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))


def downgrade() -> None:
    for table in ('person_state', 'hardship', 'person_skill'):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column('version')
    with op.batch_alter_table('plan_measure', schema=None) as batch_op:
        batch_op.drop_column('owner')
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_column('closing_reason')
        batch_op.drop_column('review_on')
    op.drop_table('person_alias')
    op.drop_table('person_merge')
    op.drop_table('distinct_pair')
    op.drop_table('person_correction')


def _number_people_once() -> None:
    """Rebuild ``person`` with AUTOINCREMENT: without it SQLite gives the number of a deleted last row to the next one."""
    person = sa.Table('person', sa.MetaData(),
    sa.Column('id_hash', sa.String(length=64), nullable=True),
    sa.Column('id_last4', sa.String(length=4), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sex', sa.Enum('female', 'male', name='ck_person_sex', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('birth_date', sa.Date(), nullable=True),
    sa.Column('registration', sa.Enum('urban', 'rural', name='ck_person_registration', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('education', sa.Enum('primary', 'junior', 'senior', 'college', 'bachelor', name='ck_person_education', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('disability', sa.String(length=30), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('phone_2', sa.String(length=20), nullable=True),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('grid_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=120), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('career', sa.Text(), nullable=True),
    sa.Column('entered_pool_on', sa.Date(), nullable=True),
    sa.Column('consent_on', sa.Date(), nullable=True),
    sa.Column('consent_withdrawn_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), primary_key=True),
    sa.Column('anonymised_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_person_community_id')),
    sa.ForeignKeyConstraint(['grid_id'], ['grid.id'], name=op.f('fk_person_grid_id')),
    sa.UniqueConstraint('id_hash', name=op.f('uq_person_id_hash')),
    sa.Index(op.f('ix_person_community_id'), 'community_id'),
    sa.Index('ix_person_name_phone', 'name', 'phone'),
    )
    options = {'copy_from': person, 'recreate': 'always', 'table_kwargs': {'sqlite_autoincrement': True}}
    with op.batch_alter_table('person', **options):
        pass
