"""visiting rounds, teams, difficulties of follow-ups, transfers of caseloads

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

ROLES = ('bureau_leader', 'commissioner', 'secretary', 'steward', 'grid_worker', 'building_leader')
WITH_ROLE = (('staff_member', 'role'), ('visit', 'visitor_role'))


def upgrade() -> None:
    _allow_roles((*ROLES, 'agency'))
    op.create_table('caseload_transfer',
    sa.Column('from_owner', sa.String(length=40), nullable=True, comment='None: of several colleagues'),
    sa.Column('to_owner', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=40), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caseload_transfer'))
    )
    op.create_table('team_meeting',
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('led_by', sa.String(length=40), nullable=True),
    sa.Column('attended', sa.Integer(), nullable=True, comment='persons'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('attended > 0', name=op.f('ck_team_meeting_attended')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_team_meeting_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_meeting')),
    sa.UniqueConstraint('community_id', 'held_on', name=op.f('uq_team_meeting_community_id_held_on'))
    )
    with op.batch_alter_table('team_meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_meeting_community_id'), ['community_id'], unique=False)

    op.create_table('visiting_round',
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('visitor', sa.String(length=40), nullable=False, comment='name of the staff member who walks'),
    sa.Column('walk_on', sa.Date(), nullable=False),
    sa.Column('begins_at', sa.String(length=5), nullable=False, comment='HH:MM'),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_visiting_round_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visiting_round'))
    )
    with op.batch_alter_table('visiting_round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visiting_round_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visiting_round_walk_on'), ['walk_on'], unique=False)

    op.create_table('staff_grid',
    sa.Column('staff_id', sa.Integer(), nullable=False),
    sa.Column('grid', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_member.id'], name=op.f('fk_staff_grid_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_grid')),
    sa.UniqueConstraint('staff_id', 'grid', name=op.f('uq_staff_grid_staff_id_grid'))
    )
    with op.batch_alter_table('staff_grid', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_grid_staff_id'), ['staff_id'], unique=False)

    op.create_table('visiting_stop',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False, comment='1, 2, 3 … in walking order'),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=8), nullable=False, comment='core.people.visit_numbers'),
    sa.Column('arrives_at', sa.String(length=5), nullable=True, comment='HH:MM as planned; None: home not located'),
    sa.Column('called_on', sa.Date(), nullable=True, comment='day on which somebody called there'),
    sa.Column('result', sa.Enum('met', 'absent', 'moved', 'declined', name='visitresult', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(called_on IS NULL) = (result IS NULL)', name=op.f('ck_visiting_stop_called')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visiting_stop_person_id')),
    sa.ForeignKeyConstraint(['round_id'], ['visiting_round.id'], name=op.f('fk_visiting_stop_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visiting_stop')),
    sa.UniqueConstraint('number', name=op.f('uq_visiting_stop_number')),
    sa.UniqueConstraint('round_id', 'position', name=op.f('uq_visiting_stop_round_id_position'))
    )
    with op.batch_alter_table('visiting_stop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visiting_stop_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visiting_stop_round_id'), ['round_id'], unique=False)

    op.create_table('caseload_transfer_plan',
    sa.Column('transfer_id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('former_owner', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_caseload_transfer_plan_plan_id')),
    sa.ForeignKeyConstraint(['transfer_id'], ['caseload_transfer.id'], name=op.f('fk_caseload_transfer_plan_transfer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caseload_transfer_plan')),
    sa.UniqueConstraint('transfer_id', 'plan_id', name=op.f('uq_caseload_transfer_plan_transfer_id_plan_id'))
    )
    with op.batch_alter_table('caseload_transfer_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_caseload_transfer_plan_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_caseload_transfer_plan_transfer_id'), ['transfer_id'], unique=False)

    op.create_table('follow_up_difficulty',
    sa.Column('follow_up_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('pay', 'paid_late', 'hours', 'little_work', 'distance', 'skill', 'health', 'family', 'relations', name='difficulty', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['follow_up_id'], ['follow_up.id'], name=op.f('fk_follow_up_difficulty_follow_up_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up_difficulty')),
    sa.UniqueConstraint('follow_up_id', 'kind', name=op.f('uq_follow_up_difficulty_follow_up_id_kind'))
    )
    with op.batch_alter_table('follow_up_difficulty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_difficulty_follow_up_id'), ['follow_up_id'], unique=False)

    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.add_column(sa.Column('monthly_pay', sa.Double(), nullable=True, comment='yuan a month, as reported'))
        batch_op.add_column(sa.Column('weekly_hours', sa.Double(), nullable=True, comment='hours a week, as reported'))
        batch_op.create_check_constraint('monthly_pay', 'monthly_pay >= 0')
        batch_op.create_check_constraint('weekly_hours', 'weekly_hours BETWEEN 0 AND 168')

    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.add_column(sa.Column('organisation', sa.String(length=60), nullable=True, comment='of a third-party agency'))
        batch_op.add_column(sa.Column('left_on', sa.Date(), nullable=True, comment='last day in the team'))


def downgrade() -> None:
    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.drop_column('left_on')
        batch_op.drop_column('organisation')

    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_follow_up_weekly_hours'), type_='check')
        batch_op.drop_constraint(op.f('ck_follow_up_monthly_pay'), type_='check')
        batch_op.drop_column('weekly_hours')
        batch_op.drop_column('monthly_pay')

    with op.batch_alter_table('follow_up_difficulty', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_follow_up_difficulty_follow_up_id'))

    op.drop_table('follow_up_difficulty')
    with op.batch_alter_table('caseload_transfer_plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_caseload_transfer_plan_transfer_id'))
        batch_op.drop_index(batch_op.f('ix_caseload_transfer_plan_plan_id'))

    op.drop_table('caseload_transfer_plan')
    with op.batch_alter_table('visiting_stop', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visiting_stop_round_id'))
        batch_op.drop_index(batch_op.f('ix_visiting_stop_person_id'))

    op.drop_table('visiting_stop')
    with op.batch_alter_table('staff_grid', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_grid_staff_id'))

    op.drop_table('staff_grid')
    with op.batch_alter_table('visiting_round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visiting_round_walk_on'))
        batch_op.drop_index(batch_op.f('ix_visiting_round_community_id'))

    op.drop_table('visiting_round')
    with op.batch_alter_table('team_meeting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_meeting_community_id'))

    op.drop_table('team_meeting')
    op.drop_table('caseload_transfer')
    for table, column in WITH_ROLE:
        op.execute(f"UPDATE {table} SET {column} = 'commissioner' WHERE {column} = 'agency'")
    _allow_roles(ROLES)


def _allow_roles(roles: tuple[str, ...]) -> None:
    """The CHECK of the columns that hold a role of a staff member."""
    listed = ', '.join(f"'{role}'" for role in roles)
    for table, column in WITH_ROLE:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f'ck_{table}_staffrole'), type_='check')
            batch_op.create_check_constraint('staffrole', f'{column} IN ({listed})')
