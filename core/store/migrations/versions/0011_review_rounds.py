"""review rounds

Revision ID: 0011
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('review_round',
    sa.Column('period', sa.String(length=20), nullable=False, comment='as people name it, e.g. 2026H1'),
    sa.Column('ends_on', sa.Date(), nullable=False, comment='day as of which monitoring is computed; the reviews carry it'),
    sa.Column('state', sa.Enum('open', 'scored', 'proposed', 'decided', 'frozen', name='roundstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_by', sa.String(length=40), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True, comment="when the panel's scoring ended"),
    sa.Column('reopened_for', sa.String(length=200), nullable=True, comment='reasons why the scoring was opened again'),
    sa.Column('frozen_on', sa.Date(), nullable=True),
    sa.Column('next_on', sa.Date(), nullable=True, comment='day of the next review'),
    sa.Column('rules', sa.JSON(), nullable=True, comment='rules of the proposal; core.enterprises.rules'),
    sa.Column('inputs', sa.JSON(), nullable=True, comment='what the proposal was computed from'),
    sa.Column('results', sa.JSON(), nullable=True, comment='the proposal, one entry an enterprise'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_round')),
    sa.UniqueConstraint('period', name=op.f('uq_review_round_period'))
    )
    op.create_table('tier_rules',
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False, comment='see core.enterprises.rules.Rules'),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tier_rules')),
    sa.UniqueConstraint('since', name=op.f('uq_tier_rules_since'))
    )
    op.create_table('review_judge',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('judge', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['round_id'], ['review_round.id'], name=op.f('fk_review_judge_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_judge')),
    sa.UniqueConstraint('round_id', 'judge', name=op.f('uq_review_judge_round_id_judge'))
    )
    with op.batch_alter_table('review_judge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_judge_round_id'), ['round_id'], unique=False)

    op.create_table('review_case',
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('wage_arrears', sa.Boolean(), nullable=False),
    sa.Column('safety_breach', sa.Boolean(), nullable=False),
    sa.Column('dishonesty', sa.Boolean(), nullable=False),
    sa.Column('compliance_note', sa.String(length=200), nullable=True, comment='evidence of a breach, or of its absence'),
    sa.Column('assessor', sa.String(length=80), nullable=True, comment='who made the third-party assessment'),
    sa.Column('assessed_on', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True, comment='last day on which the third-party assessment counts'),
    sa.Column('assessment_note', sa.String(length=200), nullable=True),
    sa.Column('tier', sa.Enum('watch', 'reserve', 'growth', 'backbone', 'leader', name='tier', native_enum=False, create_constraint=True, length=24), nullable=True, comment='decided'),
    sa.Column('reason', sa.String(length=200), nullable=True, comment='where the decision differs from the proposal'),
    sa.Column('decided_by', sa.String(length=40), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('valid_until >= assessed_on', name=op.f('ck_review_case_valid_until')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_review_case_employer_id')),
    sa.ForeignKeyConstraint(['round_id'], ['review_round.id'], name=op.f('fk_review_case_round_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_case')),
    sa.UniqueConstraint('round_id', 'employer_id', name=op.f('uq_review_case_round_id_employer_id'))
    )
    with op.batch_alter_table('review_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_case_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_case_round_id'), ['round_id'], unique=False)

    op.create_table('review_exclusion',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('judge', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('declared_by', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_review_exclusion_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_exclusion')),
    sa.UniqueConstraint('case_id', 'judge', name=op.f('uq_review_exclusion_case_id_judge'))
    )
    with op.batch_alter_table('review_exclusion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_exclusion_case_id'), ['case_id'], unique=False)

    op.create_table('review_mark',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('pillar', sa.Enum('jobs', 'retention', 'income', 'training', 'orders', 'responsibility', name='pillar', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('source', sa.Enum('monitoring', 'panel', 'third_party', name='evidencesource', native_enum=False, create_constraint=True, length=24), nullable=False, comment='panel or third party'),
    sa.Column('judge', sa.String(length=40), nullable=False, comment='empty for the third party'),
    sa.Column('value', sa.Double(), nullable=False, comment='0..1'),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('value BETWEEN 0 AND 1', name=op.f('ck_review_mark_value')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_review_mark_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_mark')),
    sa.UniqueConstraint('case_id', 'pillar', 'source', 'judge', name=op.f('uq_review_mark_case_id_pillar_source_judge'))
    )
    with op.batch_alter_table('review_mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_mark_case_id'), ['case_id'], unique=False)

    op.create_table('support_measure',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('lowest_tier', sa.Enum('watch', 'reserve', 'growth', 'backbone', 'leader', name='tier', native_enum=False, create_constraint=True, length=24), nullable=False, comment='offered from this tier upwards'),
    sa.Column('amount', sa.Double(), nullable=True, comment='yuan an enterprise; None: no money'),
    sa.Column('basis', sa.String(length=200), nullable=True, comment='document that it rests on'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_support_measure_amount')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_measure')),
    sa.UniqueConstraint('name', name=op.f('uq_support_measure_name'))
    )
    op.create_table('support_grant',
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('tier', sa.Enum('watch', 'reserve', 'growth', 'backbone', 'leader', name='tier', native_enum=False, create_constraint=True, length=24), nullable=True, comment='of the enterprise when it was planned'),
    sa.Column('state', sa.Enum('planned', 'approved', 'paid', 'ended', 'refused', name='supportstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('since', sa.Date(), nullable=False, comment='day of the state'),
    sa.Column('amount', sa.Double(), nullable=True, comment='yuan'),
    sa.Column('effect', sa.String(length=200), nullable=True, comment='what came of it'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_support_grant_amount')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_support_grant_employer_id')),
    sa.ForeignKeyConstraint(['measure_id'], ['support_measure.id'], name=op.f('fk_support_grant_measure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_support_grant'))
    )
    with op.batch_alter_table('support_grant', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_support_grant_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_support_grant_measure_id'), ['measure_id'], unique=False)

    op.create_table('employer_visit',
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('visitor', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_employer_visit_employer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer_visit'))
    )
    with op.batch_alter_table('employer_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_employer_visit_employer_id'), ['employer_id'], unique=False)

    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.add_column(sa.Column('round_id', sa.Integer(), nullable=True, comment='round that made it'))
        batch_op.create_foreign_key(batch_op.f('fk_assessment_round_id'), 'review_round', ['round_id'], ['id'])



def downgrade() -> None:
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_assessment_round_id'), type_='foreignkey')
        batch_op.drop_column('round_id')

    with op.batch_alter_table('employer_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_employer_visit_employer_id'))

    op.drop_table('employer_visit')
    with op.batch_alter_table('support_grant', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_support_grant_measure_id'))
        batch_op.drop_index(batch_op.f('ix_support_grant_employer_id'))

    op.drop_table('support_grant')
    op.drop_table('support_measure')
    with op.batch_alter_table('review_mark', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_mark_case_id'))

    op.drop_table('review_mark')
    with op.batch_alter_table('review_exclusion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_exclusion_case_id'))

    op.drop_table('review_exclusion')
    with op.batch_alter_table('review_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_case_round_id'))
        batch_op.drop_index(batch_op.f('ix_review_case_employer_id'))

    op.drop_table('review_case')
    with op.batch_alter_table('review_judge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_judge_round_id'))

    op.drop_table('review_judge')
    op.drop_table('tier_rules')
    op.drop_table('review_round')
