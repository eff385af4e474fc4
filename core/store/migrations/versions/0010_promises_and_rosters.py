"""promises and rosters

Revision ID: 0010
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store import schema


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('roster',
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False, comment='Monday of the ISO week'),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('shift_hours', sa.Double(), nullable=False, comment='net hours a shift'),
    sa.Column('asked_hours', sa.Double(), nullable=False, comment='standard hours that the due dates asked of the people on site'),
    sa.Column('expected_hours', sa.Double(), nullable=False, comment='standard hours that the roster is expected to make'),
    sa.Column('method', sa.String(length=20), nullable=False, comment='greedy, exact or replan'),
    sa.Column('gap', sa.Double(), nullable=True, comment='proven relative distance from the best roster'),
    sa.Column('approved_by', sa.String(length=40), nullable=False),
    sa.Column('approved_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=True, comment='of a change'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_roster_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster')),
    sa.UniqueConstraint('workshop_id', 'week', 'rev', name=op.f('uq_roster_workshop_id_week_rev'))
    )
    with op.batch_alter_table('roster', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('promise',
    sa.Column('kind', sa.Enum('order', 'refusal', 'roster', name='promisekind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=True),
    sa.Column('roster_id', sa.Integer(), nullable=True),
    sa.Column('product_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.Double(), nullable=False, comment='expected: pieces of an order, standard hours of a roster'),
    sa.Column('due_on', sa.Date(), nullable=False, comment='promised date; of a refusal the date asked for'),
    sa.Column('expected_on', sa.Date(), nullable=True, comment='date reached with 80 % probability'),
    sa.Column('probability', sa.Double(), nullable=True, comment='0..1 of being on time, as computed at the decision'),
    sa.Column('hourly_pay', sa.Double(), nullable=True, comment='yuan an attended hour that the price brings'),
    sa.Column('evidence', sa.JSON(), nullable=True, comment='orders delayed, floor, draws, seed'),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('made_on', sa.Date(), nullable=False, comment='day of the bureau'),
    sa.Column('made_by', sa.String(length=40), nullable=False),
    sa.Column('made_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['order_id'], ['production_order.id'], name=op.f('fk_promise_order_id')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_promise_product_id')),
    sa.ForeignKeyConstraint(['roster_id'], ['roster.id'], name=op.f('fk_promise_roster_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_promise_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_promise'))
    )
    with op.batch_alter_table('promise', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_promise_order_id'), ['order_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promise_roster_id'), ['roster_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_promise_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('roster_cell',
    sa.Column('roster_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False, comment='0 = Monday morning … 13 = Sunday afternoon'),
    sa.Column('leads', sa.Boolean(), nullable=False, comment='may lead the shift'),
    sa.Column('locked', sa.Boolean(), nullable=False, comment='fixed by hand'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('slot BETWEEN 0 AND 13', name=op.f('ck_roster_cell_slot')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_roster_cell_person_id')),
    sa.ForeignKeyConstraint(['roster_id'], ['roster.id'], name=op.f('fk_roster_cell_roster_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_cell')),
    sa.UniqueConstraint('roster_id', 'person_id', 'slot', name=op.f('uq_roster_cell_roster_id_person_id_slot'))
    )
    with op.batch_alter_table('roster_cell', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_cell_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_roster_cell_roster_id'), ['roster_id'], unique=False)

    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('weekly_hours', sa.Double(), nullable=True, comment='contracted hours a week; None: by the form of work'))

    with op.batch_alter_table('production_order', schema=None) as batch_op:
        batch_op.add_column(sa.Column('close_reason', sa.String(length=200), nullable=True, comment='of an order closed with pieces still owed'))

    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.add_column(sa.Column('half_days', sa.String(length=14), nullable=True, comment='1 = opened: Monday morning, Monday afternoon, … Sunday afternoon; None: Monday to Friday'))
        batch_op.add_column(sa.Column('closed_on', sa.Date(), nullable=True, comment='first day on which it no longer operates'))



def downgrade() -> None:
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.drop_column('closed_on')
        batch_op.drop_column('half_days')

    with op.batch_alter_table('production_order', schema=None) as batch_op:
        batch_op.drop_column('close_reason')

    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_column('weekly_hours')

    with op.batch_alter_table('roster_cell', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_cell_roster_id'))
        batch_op.drop_index(batch_op.f('ix_roster_cell_person_id'))

    op.drop_table('roster_cell')
    with op.batch_alter_table('promise', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_promise_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_promise_roster_id'))
        batch_op.drop_index(batch_op.f('ix_promise_order_id'))

    op.drop_table('promise')
    with op.batch_alter_table('roster', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_workshop_id'))

    op.drop_table('roster')
