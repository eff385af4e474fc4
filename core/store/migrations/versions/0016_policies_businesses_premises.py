"""policies, micro-businesses, more about premises

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('payment_list',
    sa.Column('policy', sa.String(length=40), nullable=False, comment='code of the policy'),
    sa.Column('month', sa.Date(), nullable=False, comment='its first day'),
    sa.Column('rule_since', sa.Date(), nullable=False, comment='version of the policy in force in that month'),
    sa.Column('frozen_on', sa.Date(), nullable=False),
    sa.Column('frozen_by', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_list')),
    sa.UniqueConstraint('policy', 'month', name=op.f('uq_payment_list_policy_month'))
    )
    op.create_table('policy_rule',
    sa.Column('code', sa.String(length=40), nullable=False, comment='of the policy; its versions share it'),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False, comment='see core.policies.rules.Rule'),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_rule')),
    sa.UniqueConstraint('code', 'since', name=op.f('uq_policy_rule_code_since'))
    )
    op.create_table('eligibility_answer',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('stated_on', sa.Date(), nullable=False),
    sa.Column('insurance', sa.Enum('employer', 'own', 'nobody', name='insurancepayer', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('year_contract', sa.Boolean(), nullable=True, comment='a labour contract of a year or more'),
    sa.Column('retirement_group', sa.Enum('worker', 'staff', name='retirementgroup', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_eligibility_answer_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_eligibility_answer')),
    sa.UniqueConstraint('person_id', 'stated_on', name=op.f('uq_eligibility_answer_person_id_stated_on'))
    )
    with op.batch_alter_table('eligibility_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_eligibility_answer_person_id'), ['person_id'], unique=False)

    op.create_table('micro_business',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.Enum('craft_shop', 'convenience_store', 'parcel_point', 'other', name='businesskind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True, comment='owner; None: not of the pool'),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('premises_id', sa.Integer(), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('closed_on >= opened_on', name=op.f('ck_micro_business_closed_on')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_micro_business_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_micro_business_person_id')),
    sa.ForeignKeyConstraint(['premises_id'], ['premises.id'], name=op.f('fk_micro_business_premises_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_micro_business')),
    sa.UniqueConstraint('name', name=op.f('uq_micro_business_name'))
    )
    with op.batch_alter_table('micro_business', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_micro_business_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_micro_business_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_micro_business_premises_id'), ['premises_id'], unique=False)

    op.create_table('policy_application',
    sa.Column('policy', sa.String(length=40), nullable=False, comment='code of the policy'),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('employer_id', sa.Integer(), nullable=True),
    sa.Column('drafted_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('drafted', 'submitted', 'approved', 'refused', 'paying', 'ended', name='applicationstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('state_since', sa.Date(), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=True, comment='staff member who drafted it'),
    sa.Column('amount', sa.Double(), nullable=True, comment='approved: yuan a month, or in all where it is paid once'),
    sa.Column('starts_on', sa.Date(), nullable=True, comment='first day of the first month that is paid'),
    sa.Column('ends_on', sa.Date(), nullable=True, comment='last day of the last month that is paid'),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('trace', sa.JSON(), nullable=True, comment='conditions as they were met when submitted'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_policy_application_employer_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_policy_application_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_application')),
    sa.UniqueConstraint('policy', 'employer_id', 'drafted_on', name=op.f('uq_policy_application_policy_employer_id_drafted_on')),
    sa.UniqueConstraint('policy', 'person_id', 'drafted_on', name=op.f('uq_policy_application_policy_person_id_drafted_on'))
    )
    with op.batch_alter_table('policy_application', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_policy_application_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_policy_application_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_policy_application_policy'), ['policy'], unique=False)

    op.create_table('business_support',
    sa.Column('business_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('premises', 'training', 'start_up_help', name='businesssupportkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('amount', sa.Double(), nullable=True, comment='yuan; None: no money'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('amount >= 0', name=op.f('ck_business_support_amount')),
    sa.ForeignKeyConstraint(['business_id'], ['micro_business.id'], name=op.f('fk_business_support_business_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_business_support')),
    sa.UniqueConstraint('business_id', 'kind', 'given_on', name=op.f('uq_business_support_business_id_kind_given_on'))
    )
    with op.batch_alter_table('business_support', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_business_support_business_id'), ['business_id'], unique=False)

    op.create_table('payment_line',
    sa.Column('list_id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('employer_id', sa.Integer(), nullable=True),
    sa.Column('amount', sa.Double(), nullable=False, comment='yuan; 0 where the payment is held back'),
    sa.Column('is_paid', sa.Boolean(), nullable=False, comment='False: a condition was not met, or is unknown'),
    sa.Column('trace', sa.JSON(), nullable=False, comment='conditions with the values of the month'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['policy_application.id'], name=op.f('fk_payment_line_application_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_payment_line_employer_id')),
    sa.ForeignKeyConstraint(['list_id'], ['payment_list.id'], name=op.f('fk_payment_line_list_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_payment_line_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_line')),
    sa.UniqueConstraint('list_id', 'application_id', name=op.f('uq_payment_line_list_id_application_id'))
    )
    with op.batch_alter_table('payment_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_line_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_line_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_line_list_id'), ['list_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_line_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('premises', schema=None) as batch_op:
        batch_op.add_column(sa.Column('use', sa.Enum('idle', 'in_use', 'reserved', name='premisesuse', native_enum=False, create_constraint=True, length=24), nullable=True, comment='None: idle premises are idle'))
        batch_op.add_column(sa.Column('power_kw', sa.Double(), nullable=True, comment='electric load that is connected, kilowatts'))
        batch_op.add_column(sa.Column('step_free', sa.Boolean(), nullable=True, comment='can be entered without a step'))
        batch_op.add_column(sa.Column('open_to', sa.String(length=120), nullable=True, comment='who may use them'))
        batch_op.create_check_constraint('power_kw', 'power_kw >= 0')


def downgrade() -> None:
    with op.batch_alter_table('premises', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_premises_power_kw'), type_='check')
        batch_op.drop_constraint(op.f('ck_premises_premisesuse'), type_='check')
        batch_op.drop_column('open_to')
        batch_op.drop_column('step_free')
        batch_op.drop_column('power_kw')
        batch_op.drop_column('use')

    with op.batch_alter_table('payment_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payment_line_person_id'))
        batch_op.drop_index(batch_op.f('ix_payment_line_list_id'))
        batch_op.drop_index(batch_op.f('ix_payment_line_employer_id'))
        batch_op.drop_index(batch_op.f('ix_payment_line_application_id'))

    op.drop_table('payment_line')
    with op.batch_alter_table('business_support', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_business_support_business_id'))

    op.drop_table('business_support')
    with op.batch_alter_table('policy_application', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_policy_application_policy'))
        batch_op.drop_index(batch_op.f('ix_policy_application_person_id'))
        batch_op.drop_index(batch_op.f('ix_policy_application_employer_id'))

    op.drop_table('policy_application')
    with op.batch_alter_table('micro_business', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_micro_business_premises_id'))
        batch_op.drop_index(batch_op.f('ix_micro_business_person_id'))
        batch_op.drop_index(batch_op.f('ix_micro_business_community_id'))

    op.drop_table('micro_business')
    with op.batch_alter_table('eligibility_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_eligibility_answer_person_id'))

    op.drop_table('eligibility_answer')
    op.drop_table('policy_rule')
    op.drop_table('payment_list')