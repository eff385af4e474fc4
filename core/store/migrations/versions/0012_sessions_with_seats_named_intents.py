"""sessions with seats, named intents

Revision ID: 0012
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('event_intent',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True, comment='None: any job of the employer'),
    sa.Column('referral_id', sa.Integer(), nullable=True, comment='what became of it'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_event_intent_employer_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_intent_event_id')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_event_intent_job_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_event_intent_person_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_event_intent_referral_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_intent')),
    sa.UniqueConstraint('event_id', 'person_id', 'employer_id', name=op.f('uq_event_intent_event_id_person_id_employer_id'))
    )
    with op.batch_alter_table('event_intent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_intent_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_intent_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_intent_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.Enum('doorstep', 'commissioned', 'university', name='trainingkind', native_enum=False, create_constraint=True, length=24), nullable=True))
        batch_op.add_column(sa.Column('practice_hours', sa.Integer(), nullable=True, comment='of which practice'))
        batch_op.add_column(sa.Column('certificate', sa.Enum('self_report', 'practical_test', 'training_certificate', 'special_ability', 'vocational_level', name='evidence', native_enum=False, create_constraint=True, length=24), nullable=True, comment='what who passes may get'))

    with op.batch_alter_table('course_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('capacity', sa.Integer(), nullable=True, comment='seats; None: not limited'))
        batch_op.add_column(sa.Column('cancelled_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('cancel_reason', sa.String(length=200), nullable=True))
        batch_op.create_check_constraint('capacity', 'capacity > 0')

    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('version', sa.Integer(), server_default='1', nullable=False))


def downgrade() -> None:
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_column('version')

    with op.batch_alter_table('course_session', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_course_session_capacity'), type_='check')
        batch_op.drop_column('cancel_reason')
        batch_op.drop_column('cancelled_on')
        batch_op.drop_column('capacity')

    with op.batch_alter_table('course', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_course_evidence'), type_='check')
        batch_op.drop_constraint(op.f('ck_course_trainingkind'), type_='check')
        batch_op.drop_column('certificate')
        batch_op.drop_column('practice_hours')
        batch_op.drop_column('kind')

    with op.batch_alter_table('event_intent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_intent_person_id'))
        batch_op.drop_index(batch_op.f('ix_event_intent_event_id'))
        batch_op.drop_index(batch_op.f('ix_event_intent_employer_id'))

    op.drop_table('event_intent')
