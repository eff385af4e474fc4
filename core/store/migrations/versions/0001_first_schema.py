"""first schema

Revision ID: 0001
Revises: 
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.store import schema


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('community',
    sa.Column('code', sa.String(length=12), nullable=False, comment='12-digit statistical code'),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('town', sa.String(length=40), nullable=True, comment='street or town office'),
    sa.Column('kind', sa.Enum('urban', 'rural', name='communitykind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False, comment='label point, degrees WGS-84'),
    sa.Column('lat', sa.Double(), nullable=False, comment='label point, degrees WGS-84'),
    sa.Column('boundary', sa.JSON(), nullable=True, comment='GeoJSON geometry, WGS-84'),
    sa.Column('boundary_source', sa.String(length=20), nullable=True, comment="'voronoi' or 'given'"),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_community')),
    sa.UniqueConstraint('code', name=op.f('uq_community_code')),
    sa.UniqueConstraint('name', name=op.f('uq_community_name'))
    )
    op.create_table('header_mapping',
    sa.Column('sheet', sa.String(length=40), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_header_mapping')),
    sa.UniqueConstraint('sheet', 'fingerprint', name=op.f('uq_header_mapping_sheet_fingerprint'))
    )
    op.create_table('import_batch',
    sa.Column('sheet', sa.String(length=40), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False, comment='header → column code, and options such as datum'),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Enum('committed', 'undone', name='batchstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('undone_at', schema.UtcDateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_batch_sha256'), ['sha256'], unique=False)

    op.create_table('occupation',
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('domain', sa.Enum('care', 'property', 'greening', 'retail', 'delivery', 'ecommerce', 'craft', name='skilldomain', native_enum=False, create_constraint=True, length=24), nullable=True, comment='None outside the seven domains'),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_occupation'))
    )
    op.create_table('parameter',
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('unit', sa.String(length=30), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parameter')),
    sa.UniqueConstraint('key', 'since', name=op.f('uq_parameter_key_since'))
    )
    op.create_table('revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.Column('changed_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_revision_single')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_revision'))
    )
    op.create_table('setting',
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('weekly_snapshot',
    sa.Column('iso_week', sa.String(length=8), nullable=False, comment='e.g. 2025-W46'),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('frozen_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('frozen_by', sa.String(length=40), nullable=False),
    sa.Column('metric_version', sa.String(length=20), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('previous_sha256', sa.String(length=64), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_snapshot')),
    sa.UniqueConstraint('iso_week', 'rev', name=op.f('uq_weekly_snapshot_iso_week_rev'))
    )
    op.create_table('weight_preset',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('weights', sa.JSON(), nullable=False, comment='factor code → slider 0..100'),
    sa.Column('author', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('made_at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', schema.UtcDateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weight_preset')),
    sa.UniqueConstraint('name', 'revision', name=op.f('uq_weight_preset_name_revision'))
    )
    op.create_table('action_item',
    sa.Column('code', sa.String(length=16), nullable=False, comment='e.g. 2025-W46-03'),
    sa.Column('problem', sa.String(length=200), nullable=False),
    sa.Column('measure', sa.String(length=200), nullable=True),
    sa.Column('indicator', sa.String(length=40), nullable=True),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('office', sa.String(length=60), nullable=True, comment='责任单位'),
    sa.Column('owner', sa.String(length=40), nullable=True),
    sa.Column('raised_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('status', sa.Enum('todo', 'doing', 'closed', name='actionstatus', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_action_item_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_item')),
    sa.UniqueConstraint('code', name=op.f('uq_action_item_code'))
    )
    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_item_community_id'), ['community_id'], unique=False)

    op.create_table('audit_event',
    sa.Column('at', schema.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False, comment='command name, e.g. edit_person, import, undo'),
    sa.Column('entity', sa.String(length=40), nullable=False, comment='table name'),
    sa.Column('entity_id', sa.String(length=40), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_audit_event_batch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event')),
    sa.UniqueConstraint('previous', name=op.f('uq_audit_event_previous'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_event_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('ix_audit_event_entity', ['entity', 'entity_id'], unique=False)

    op.create_table('community_post',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('field', sa.Enum('elder_care', 'childcare', 'domestic', 'retail', 'greening', 'property', 'convenience', 'public_service', name='postfield', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('head_count', sa.Integer(), nullable=False, comment='posts in the batch, persons'),
    sa.Column('planned_on', sa.Date(), nullable=False),
    sa.Column('developed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('developed_on >= planned_on', name=op.f('ck_community_post_developed_on')),
    sa.CheckConstraint('head_count > 0', name=op.f('ck_community_post_head_count')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_community_post_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_community_post')),
    sa.UniqueConstraint('code', name=op.f('uq_community_post_code'))
    )
    with op.batch_alter_table('community_post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_community_post_community_id'), ['community_id'], unique=False)

    op.create_table('employer',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('credit_code', sa.String(length=18), nullable=True, comment='统一社会信用代码'),
    sa.Column('kind', sa.Enum('craft_ecommerce', 'company', 'sole_trader', 'community', 'workshop', 'public_body', 'non_profit', name='employerkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('industry', sa.String(length=40), nullable=True),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=120), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True, comment='degrees WGS-84'),
    sa.Column('lat', sa.Double(), nullable=True, comment='degrees WGS-84'),
    sa.Column('contact', sa.String(length=40), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True, comment='opened or brought into the district'),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_employer_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer')),
    sa.UniqueConstraint('credit_code', name=op.f('uq_employer_credit_code')),
    sa.UniqueConstraint('name', name=op.f('uq_employer_name'))
    )
    with op.batch_alter_table('employer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_employer_community_id'), ['community_id'], unique=False)

    op.create_table('event',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('theme', sa.Enum('skilled', 'silver', 'parents', 'disabled', 'general', name='eventtheme', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('scene', sa.Enum('square', 'neighbourhood_centre', 'supermarket', 'market', 'open_day', name='eventscene', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=True),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('employers', sa.Integer(), nullable=True, comment='employers taking part'),
    sa.Column('jobs_offered', sa.Integer(), nullable=True, comment='posts offered'),
    sa.Column('visitors', sa.Integer(), nullable=True, comment='persons'),
    sa.Column('welfare_post_visitors', sa.Integer(), nullable=True, comment='persons from welfare posts'),
    sa.Column('intents', sa.Integer(), nullable=True, comment='意向, persons'),
    sa.Column('signed', sa.Integer(), nullable=True, comment='signed on the spot, persons'),
    sa.Column('started_30_days', sa.Integer(), nullable=True, comment='started within 30 days, persons'),
    sa.Column('host', sa.String(length=80), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_event_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('name', 'held_on', name=op.f('uq_event_name_held_on'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_community_id'), ['community_id'], unique=False)

    op.create_table('grid',
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_grid_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grid')),
    sa.UniqueConstraint('community_id', 'name', name=op.f('uq_grid_community_id_name'))
    )
    with op.batch_alter_table('grid', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_grid_community_id'), ['community_id'], unique=False)

    op.create_table('premises',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.Enum('idle', 'workshop', 'service_centre', 'training_site', name='premiseskind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('lon', sa.Double(), nullable=False, comment='degrees WGS-84'),
    sa.Column('lat', sa.Double(), nullable=False, comment='degrees WGS-84'),
    sa.Column('area_m2', sa.Double(), nullable=True, comment='floor area, square metres'),
    sa.Column('possible_stations', sa.Integer(), nullable=True, comment='work stations that would fit'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('possible_stations >= 0', name=op.f('ck_premises_possible_stations')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_premises_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_premises')),
    sa.UniqueConstraint('code', name=op.f('uq_premises_code'))
    )
    with op.batch_alter_table('premises', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_premises_community_id'), ['community_id'], unique=False)

    op.create_table('skill',
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('name_zh', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=False),
    sa.Column('domain', sa.Enum('care', 'property', 'greening', 'retail', 'delivery', 'ecommerce', 'craft', name='skilldomain', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('occupation', sa.String(length=12), nullable=True),
    sa.Column('course_hours', sa.Integer(), nullable=False, comment='standard course length, hours'),
    sa.ForeignKeyConstraint(['occupation'], ['occupation.code'], name=op.f('fk_skill_occupation')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_skill'))
    )
    op.create_table('staff_member',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('role', sa.Enum('bureau_leader', 'commissioner', 'secretary', 'steward', 'grid_worker', 'building_leader', name='staffrole', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_staff_member_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_member')),
    sa.UniqueConstraint('name', name=op.f('uq_staff_member_name'))
    )
    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_member_community_id'), ['community_id'], unique=False)

    op.create_table('target',
    sa.Column('indicator', sa.String(length=40), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_target_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sa.UniqueConstraint('indicator', 'year', 'community_id', name=op.f('uq_target_indicator_year_community_id'))
    )
    op.create_table('assessment',
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('reviewed_on', sa.Date(), nullable=False),
    sa.Column('next_review_on', sa.Date(), nullable=True),
    sa.Column('monitoring', sa.Double(), nullable=True, comment='0..100, as on the review sheet'),
    sa.Column('panel', sa.Double(), nullable=True, comment='0..100, as on the review sheet'),
    sa.Column('third_party', sa.Double(), nullable=True, comment='0..100, as on the review sheet'),
    sa.Column('score', sa.Double(), nullable=True, comment='0..100, composite recorded at the review'),
    sa.Column('tier', sa.Enum('watch', 'reserve', 'growth', 'backbone', 'leader', name='tier', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('cause', sa.Enum('score', 'gate', 'manual', name='tiercause', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=True),
    sa.Column('decided_by', sa.String(length=40), nullable=True),
    sa.Column('wage_arrears', sa.Boolean(), nullable=False),
    sa.Column('safety_breach', sa.Boolean(), nullable=False),
    sa.Column('dishonesty', sa.Boolean(), nullable=False),
    sa.Column('method_version', sa.String(length=20), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_assessment_employer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment')),
    sa.UniqueConstraint('employer_id', 'reviewed_on', name=op.f('uq_assessment_employer_id_reviewed_on'))
    )
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_employer_id'), ['employer_id'], unique=False)

    op.create_table('course',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('skill', sa.String(length=8), nullable=True, comment='the skill that it teaches'),
    sa.Column('hours', sa.Integer(), nullable=True, comment='hours in all'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['skill'], ['skill.code'], name=op.f('fk_course_skill')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course')),
    sa.UniqueConstraint('name', name=op.f('uq_course_name'))
    )
    op.create_table('employer_month',
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False, comment='first of the month'),
    sa.Column('sales', sa.Double(), nullable=False, comment='yuan'),
    sa.Column('orders', sa.Integer(), nullable=False, comment='orders received'),
    sa.Column('online_share', sa.Double(), nullable=True, comment='0..1 of sales'),
    sa.Column('employees', sa.Integer(), nullable=True, comment='persons on the payroll'),
    sa.Column('insured', sa.Integer(), nullable=True, comment='of which with social insurance, persons'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_employer_month_employer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_employer_month')),
    sa.UniqueConstraint('employer_id', 'month', name=op.f('uq_employer_month_employer_id_month'))
    )
    with op.batch_alter_table('employer_month', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_employer_month_employer_id'), ['employer_id'], unique=False)

    op.create_table('person',
    sa.Column('id_hash', sa.String(length=64), nullable=True, comment='HMAC-SHA256 of the ID number, hex'),
    sa.Column('id_last4', sa.String(length=4), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sex', sa.Enum('female', 'male', name='sex', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('birth_date', sa.Date(), nullable=True, comment='first of the month when only the month is known'),
    sa.Column('registration', sa.Enum('urban', 'rural', name='registration', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('education', sa.Enum('primary', 'junior', 'senior', 'college', 'bachelor', name='education', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('disability', sa.String(length=30), nullable=True, comment='sensitive: kind and grade as on the certificate'),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('phone_2', sa.String(length=20), nullable=True),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('grid_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=120), nullable=True, comment='sensitive: building and unit'),
    sa.Column('lon', sa.Double(), nullable=True, comment='home, degrees WGS-84; never leaves the server'),
    sa.Column('lat', sa.Double(), nullable=True, comment='home, degrees WGS-84; never leaves the server'),
    sa.Column('career', sa.Text(), nullable=True, comment='work history as told'),
    sa.Column('entered_pool_on', sa.Date(), nullable=True, comment='first day in the district pool'),
    sa.Column('consent_on', sa.Date(), nullable=True, comment='consent to collect, PIPL'),
    sa.Column('consent_withdrawn_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_person_community_id')),
    sa.ForeignKeyConstraint(['grid_id'], ['grid.id'], name=op.f('fk_person_grid_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('id_hash', name=op.f('uq_person_id_hash'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_community_id'), ['community_id'], unique=False)
        batch_op.create_index('ix_person_name_phone', ['name', 'phone'], unique=False)

    op.create_table('product',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('name_en', sa.String(length=60), nullable=True),
    sa.Column('family', sa.String(length=40), nullable=True),
    sa.Column('employer_id', sa.Integer(), nullable=True, comment='maker'),
    sa.Column('standard_minutes', sa.Double(), nullable=False, comment='standard time, minutes a piece'),
    sa.Column('piece_rate', sa.Double(), nullable=False, comment='yuan a piece'),
    sa.Column('home_work', sa.Boolean(), nullable=False, comment='may be made at home'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('standard_minutes > 0', name=op.f('ck_product_standard_minutes')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_product_employer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product')),
    sa.UniqueConstraint('code', name=op.f('uq_product_code'))
    )
    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_product_employer_id'), ['employer_id'], unique=False)

    op.create_table('workshop',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('community_id', sa.Integer(), nullable=False),
    sa.Column('premises_id', sa.Integer(), nullable=True),
    sa.Column('employer_id', sa.Integer(), nullable=True, comment='who runs it'),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('stations', sa.Integer(), nullable=False, comment='work stations'),
    sa.Column('shifts_per_week', sa.Integer(), nullable=False, comment='opened shifts a week'),
    sa.Column('net_shift_hours', sa.Double(), nullable=False, comment='hours a shift without breaks and set-up'),
    sa.Column('supervisors', sa.Integer(), nullable=False, comment='people who may lead a shift'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('stations > 0', name=op.f('ck_workshop_stations')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_workshop_community_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_workshop_employer_id')),
    sa.ForeignKeyConstraint(['premises_id'], ['premises.id'], name=op.f('fk_workshop_premises_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop')),
    sa.UniqueConstraint('name', name=op.f('uq_workshop_name'))
    )
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_community_id'), ['community_id'], unique=False)

    op.create_table('accommodation',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('seated', 'no_lifting', 'step_free', 'no_nights', 'home_only', name='accommodationkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_accommodation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accommodation')),
    sa.UniqueConstraint('person_id', 'kind', name=op.f('uq_accommodation_person_id_kind'))
    )
    with op.batch_alter_table('accommodation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accommodation_person_id'), ['person_id'], unique=False)

    op.create_table('assessment_score',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('pillar', sa.Enum('jobs', 'retention', 'income', 'training', 'orders', 'responsibility', name='pillar', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('source', sa.Enum('monitoring', 'panel', 'third_party', name='evidencesource', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('judge', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Double(), nullable=False, comment='0..1'),
    sa.Column('evidence', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('value BETWEEN 0 AND 1', name=op.f('ck_assessment_score_value')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_score_assessment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_score')),
    sa.UniqueConstraint('assessment_id', 'pillar', 'source', 'judge', name=op.f('uq_assessment_score_assessment_id_pillar_source_judge'))
    )
    with op.batch_alter_table('assessment_score', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_score_assessment_id'), ['assessment_id'], unique=False)

    op.create_table('course_session',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('doorstep', 'commissioned', 'university', name='trainingkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('provider', sa.String(length=80), nullable=True),
    sa.Column('teacher', sa.String(length=40), nullable=True),
    sa.Column('place', sa.String(length=80), nullable=True),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('employer_id', sa.Integer(), nullable=True, comment='who commissioned it'),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=True, comment='hours in all'),
    sa.Column('practice_hours', sa.Integer(), nullable=True, comment='of which practice'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_course_session_ends_on')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_course_session_community_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_course_session_course_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_course_session_employer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_course_session')),
    sa.UniqueConstraint('code', name=op.f('uq_course_session_code'))
    )
    with op.batch_alter_table('course_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_course_session_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_course_session_course_id'), ['course_id'], unique=False)

    op.create_table('experience',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('domain', sa.Enum('care', 'property', 'greening', 'retail', 'delivery', 'ecommerce', 'craft', name='skilldomain', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('years', sa.Double(), nullable=False, comment='years'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('years >= 0', name=op.f('ck_experience_years')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_experience_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_experience')),
    sa.UniqueConstraint('person_id', 'domain', name=op.f('uq_experience_person_id_domain'))
    )
    with op.batch_alter_table('experience', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_experience_person_id'), ['person_id'], unique=False)

    op.create_table('hardship',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('older', 'disabled', 'low_income', 'long_unemployed', 'landless', 'zero_employment', 'two_lows_two_highs', name='hardshipkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('since', sa.Date(), nullable=True),
    sa.Column('until', sa.Date(), nullable=True, comment='expiry; None = open'),
    sa.Column('proof', sa.String(length=120), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_hardship_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hardship')),
    sa.UniqueConstraint('person_id', 'kind', name=op.f('uq_hardship_person_id_kind'))
    )
    with op.batch_alter_table('hardship', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hardship_person_id'), ['person_id'], unique=False)

    op.create_table('intention',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('stated_on', sa.Date(), nullable=False),
    sa.Column('wish_1', sa.String(length=12), nullable=True),
    sa.Column('wish_2', sa.String(length=12), nullable=True),
    sa.Column('wish_3', sa.String(length=12), nullable=True),
    sa.Column('reserve_pay', sa.Double(), nullable=True, comment='lowest acceptable pay, yuan a month'),
    sa.Column('target_pay', sa.Double(), nullable=True, comment='hoped-for pay, yuan a month'),
    sa.Column('available_days', sa.String(length=7), nullable=True, comment='Mon..Sun as 1/0, e.g. 1111100'),
    sa.Column('available_from', sa.String(length=5), nullable=True, comment='HH:MM'),
    sa.Column('available_to', sa.String(length=5), nullable=True, comment='HH:MM'),
    sa.Column('max_commute_min', sa.Integer(), nullable=True, comment='longest one-way commute, minutes'),
    sa.Column('home_work_ok', sa.Boolean(), nullable=True, comment='accepts home or piece work'),
    sa.Column('wants_training', sa.Boolean(), nullable=True),
    sa.Column('wants_start_up', sa.Boolean(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('max_commute_min BETWEEN 0 AND 240', name=op.f('ck_intention_max_commute_min')),
    sa.CheckConstraint('reserve_pay >= 0', name=op.f('ck_intention_reserve_pay')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_intention_person_id')),
    sa.ForeignKeyConstraint(['wish_1'], ['occupation.code'], name=op.f('fk_intention_wish_1')),
    sa.ForeignKeyConstraint(['wish_2'], ['occupation.code'], name=op.f('fk_intention_wish_2')),
    sa.ForeignKeyConstraint(['wish_3'], ['occupation.code'], name=op.f('fk_intention_wish_3')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intention')),
    sa.UniqueConstraint('person_id', name=op.f('uq_intention_person_id'))
    )
    op.create_table('job',
    sa.Column('employer_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('posted_on', sa.Date(), nullable=False),
    sa.Column('occupation', sa.String(length=12), nullable=True),
    sa.Column('field', sa.Enum('elder_care', 'childcare', 'domestic', 'retail', 'greening', 'property', 'convenience', 'public_service', name='postfield', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('openings', sa.Integer(), nullable=False, comment='persons wanted in all'),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('workshop_id', sa.Integer(), nullable=True),
    sa.Column('community_post_id', sa.Integer(), nullable=True),
    sa.Column('lon', sa.Double(), nullable=True, comment='place of work, degrees WGS-84'),
    sa.Column('lat', sa.Double(), nullable=True, comment='place of work, degrees WGS-84'),
    sa.Column('form', sa.Enum('full_time', 'part_time', 'home_piece', 'flexible', 'self_employed', 'over_age', name='jobform', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('shift', sa.Enum('day', 'morning', 'afternoon', 'school_hours', 'two_shift', 'weekend', 'flexible_piece', name='shift', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('weekly_hours', sa.Double(), nullable=True, comment='hours a week'),
    sa.Column('pay_kind', sa.Enum('month', 'hour', 'piece', name='paykind', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('pay_min', sa.Double(), nullable=True, comment='yuan a month'),
    sa.Column('pay_max', sa.Double(), nullable=True, comment='yuan a month'),
    sa.Column('rate', sa.Double(), nullable=True, comment='yuan an hour or a piece, see pay_kind'),
    sa.Column('seated', sa.Boolean(), nullable=True, comment='can be done seated'),
    sa.Column('home_work', sa.Boolean(), nullable=True, comment='can be done at home'),
    sa.Column('lifting', sa.Boolean(), nullable=True, comment='needs lifting'),
    sa.Column('step_free', sa.Boolean(), nullable=True),
    sa.Column('nights', sa.Boolean(), nullable=True),
    sa.Column('trains', sa.Boolean(), nullable=True, comment='employer trains, so essential skills may be missing'),
    sa.Column('over_age_ok', sa.Boolean(), nullable=True),
    sa.Column('duties', sa.Text(), nullable=True),
    sa.Column('closes_on', sa.Date(), nullable=True),
    sa.Column('confirmed_on', sa.Date(), nullable=True, comment='employer last confirmed the opening'),
    sa.Column('status', sa.Enum('open', 'filled', 'closed', name='jobstatus', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('openings >= 0', name=op.f('ck_job_openings')),
    sa.CheckConstraint('pay_max >= pay_min', name=op.f('ck_job_pay')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_job_community_id')),
    sa.ForeignKeyConstraint(['community_post_id'], ['community_post.id'], name=op.f('fk_job_community_post_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_job_employer_id')),
    sa.ForeignKeyConstraint(['occupation'], ['occupation.code'], name=op.f('fk_job_occupation')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_job_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('employer_id', 'title', 'posted_on', name=op.f('uq_job_employer_id_title_posted_on'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_job_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('person_skill',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('skill', sa.String(length=8), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False, comment='1 aware, 2 can do, 3 skilled, 4 can teach'),
    sa.Column('evidence', sa.Enum('self_report', 'practical_test', 'training_certificate', 'special_ability', 'vocational_level', name='evidence', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('acquired_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_person_skill_level')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_skill_person_id')),
    sa.ForeignKeyConstraint(['skill'], ['skill.code'], name=op.f('fk_person_skill_skill')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_skill')),
    sa.UniqueConstraint('person_id', 'skill', name=op.f('uq_person_skill_person_id_skill'))
    )
    with op.batch_alter_table('person_skill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_skill_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_skill_skill'), ['skill'], unique=False)

    op.create_table('person_state',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('state', sa.Enum('on_post', 'seeking', 'employed', 'not_seeking', 'retired', 'unreachable', name='personstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_state_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_state')),
    sa.UniqueConstraint('person_id', 'since', name=op.f('uq_person_state_person_id_since'))
    )
    with op.batch_alter_table('person_state', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_state_person_id'), ['person_id'], unique=False)

    op.create_table('plan',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('live', 'done', 'dropped', name='planstatus', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('goal', sa.String(length=200), nullable=True),
    sa.Column('owner', sa.String(length=40), nullable=True, comment='responsible staff member'),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_plan_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('person_id', 'made_on', name=op.f('uq_plan_person_id_made_on'))
    )
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_person_id'), ['person_id'], unique=False)

    op.create_table('product_skill',
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('skill', sa.String(length=8), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_product_skill_product_id')),
    sa.ForeignKeyConstraint(['skill'], ['skill.code'], name=op.f('fk_product_skill_skill')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_skill')),
    sa.UniqueConstraint('product_id', 'skill', name=op.f('uq_product_skill_product_id_skill'))
    )
    with op.batch_alter_table('product_skill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_product_skill_product_id'), ['product_id'], unique=False)

    op.create_table('production_order',
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('customer', sa.String(length=80), nullable=True),
    sa.Column('pieces', sa.Integer(), nullable=False, comment='pieces ordered'),
    sa.Column('done_pieces', sa.Integer(), nullable=False, comment='good pieces delivered so far'),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('due_on >= received_on', name=op.f('ck_production_order_due_on')),
    sa.CheckConstraint('pieces > 0', name=op.f('ck_production_order_pieces')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_production_order_product_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_production_order_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_production_order')),
    sa.UniqueConstraint('code', name=op.f('uq_production_order_code'))
    )
    with op.batch_alter_table('production_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_production_order_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('visit',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('mode', sa.Enum('door', 'phone', 'online', name='visitmode', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('visitor', sa.String(length=40), nullable=True, comment='name of the staff member'),
    sa.Column('visitor_role', sa.Enum('bureau_leader', 'commissioner', 'secretary', 'steward', 'grid_worker', 'building_leader', name='staffrole', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('needs', sa.Text(), nullable=True, comment='诉求与困难'),
    sa.Column('next_on', sa.Date(), nullable=True, comment='next visit agreed for'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_visit_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('person_id', 'visited_on', name=op.f('uq_visit_person_id_visited_on'))
    )
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_visit_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_visit_visited_on'), ['visited_on'], unique=False)

    op.create_table('welfare_post',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('urban', 'rural', name='registration', native_enum=False, create_constraint=True, length=24), nullable=False, comment='urban or rural post'),
    sa.Column('title', sa.String(length=60), nullable=True),
    sa.Column('host', sa.String(length=80), nullable=True, comment='用人单位, the body that hosts the post'),
    sa.Column('community_id', sa.Integer(), nullable=True),
    sa.Column('target_group', sa.String(length=40), nullable=True, comment='安置对象类别'),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False, comment='agreed end, at most 3 years after the start'),
    sa.Column('spell_number', sa.Integer(), nullable=False, comment='安置次数'),
    sa.Column('post_subsidy', sa.Double(), nullable=True, comment='yuan a month'),
    sa.Column('insurance_subsidy', sa.Double(), nullable=True, comment='yuan a month'),
    sa.Column('exited_on', sa.Date(), nullable=True),
    sa.Column('exit_reason', sa.Enum('expired', 'retired', 'resigned', 'dismissed', 'family_health', 'moved_on', name='exitreason', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on > started_on', name=op.f('ck_welfare_post_ends_on')),
    sa.CheckConstraint('exited_on >= started_on', name=op.f('ck_welfare_post_exited_on')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_welfare_post_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_welfare_post_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_welfare_post')),
    sa.UniqueConstraint('person_id', 'started_on', name=op.f('uq_welfare_post_person_id_started_on'))
    )
    with op.batch_alter_table('welfare_post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_welfare_post_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_welfare_post_person_id'), ['person_id'], unique=False)

    op.create_table('workshop_week',
    sa.Column('workshop_id', sa.Integer(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False, comment='Monday of the ISO week'),
    sa.Column('stations', sa.Integer(), nullable=False),
    sa.Column('on_roll', sa.Integer(), nullable=False, comment="persons on the roll at the week's end"),
    sa.Column('attendances', sa.Integer(), nullable=False, comment='person-shifts attended'),
    sa.Column('hours', sa.Double(), nullable=False, comment='hours attended'),
    sa.Column('labour_cost', sa.Double(), nullable=True, comment='yuan paid for labour'),
    sa.Column('shortage', sa.Integer(), nullable=True, comment='用工缺口, persons'),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_workshop_week_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_workshop_week')),
    sa.UniqueConstraint('workshop_id', 'week', name=op.f('uq_workshop_week_workshop_id_week'))
    )
    with op.batch_alter_table('workshop_week', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_workshop_week_week'), ['week'], unique=False)
        batch_op.create_index(batch_op.f('ix_workshop_week_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('enrolment',
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('attended_hours', sa.Double(), nullable=True, comment='hours'),
    sa.Column('result', sa.Enum('enrolled', 'passed', 'failed', 'withdrawn', name='enrolmentresult', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('certificate', sa.Enum('self_report', 'practical_test', 'training_certificate', 'special_ability', 'vocational_level', name='evidence', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('certificate_number', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_enrolment_person_id')),
    sa.ForeignKeyConstraint(['session_id'], ['course_session.id'], name=op.f('fk_enrolment_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('session_id', 'person_id', name=op.f('uq_enrolment_session_id_person_id'))
    )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enrolment_session_id'), ['session_id'], unique=False)

    op.create_table('job_skill',
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('skill', sa.String(length=8), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False, comment='level wanted, 1..4'),
    sa.Column('importance', sa.Integer(), nullable=False, comment='1..5'),
    sa.Column('essential', sa.Boolean(), nullable=False, comment='missing it excludes, unless the job trains'),
    sa.Column('certificate', sa.Boolean(), nullable=False, comment='a certificate is legally required'),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('importance BETWEEN 1 AND 5', name=op.f('ck_job_skill_importance')),
    sa.CheckConstraint('level BETWEEN 1 AND 4', name=op.f('ck_job_skill_level')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_job_skill_job_id')),
    sa.ForeignKeyConstraint(['skill'], ['skill.code'], name=op.f('fk_job_skill_skill')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_skill')),
    sa.UniqueConstraint('job_id', 'skill', name=op.f('uq_job_skill_job_id_skill'))
    )
    with op.batch_alter_table('job_skill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_job_skill_job_id'), ['job_id'], unique=False)

    op.create_table('placement',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('channel', sa.Enum('workshop', 'enterprise', 'community_post', 'other', 'self_employed', name='channel', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('employer_id', sa.Integer(), nullable=True, comment='None: own business'),
    sa.Column('workshop_id', sa.Integer(), nullable=True),
    sa.Column('community_post_id', sa.Integer(), nullable=True),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('form', sa.Enum('full_time', 'part_time', 'home_piece', 'flexible', 'self_employed', 'over_age', name='jobform', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('monthly_pay', sa.Double(), nullable=True, comment='yuan a month, latest known'),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('end_reason', sa.Enum('expired', 'retired', 'resigned', 'dismissed', 'family_health', 'moved_on', name='exitreason', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ended_on >= started_on', name=op.f('ck_placement_ended_on')),
    sa.ForeignKeyConstraint(['community_post_id'], ['community_post.id'], name=op.f('fk_placement_community_post_id')),
    sa.ForeignKeyConstraint(['employer_id'], ['employer.id'], name=op.f('fk_placement_employer_id')),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_placement_job_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_placement_person_id')),
    sa.ForeignKeyConstraint(['workshop_id'], ['workshop.id'], name=op.f('fk_placement_workshop_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
    sa.UniqueConstraint('person_id', 'started_on', name=op.f('uq_placement_person_id_started_on'))
    )
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_community_post_id'), ['community_post_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_employer_id'), ['employer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_started_on'), ['started_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_placement_workshop_id'), ['workshop_id'], unique=False)

    op.create_table('plan_measure',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False, comment='1, 2, 3 …'),
    sa.Column('kind', sa.Enum('policy', 'training', 'recommendation', 'start_up', 'care_support', 'follow_up', name='measurekind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_measure_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_measure')),
    sa.UniqueConstraint('plan_id', 'step', name=op.f('uq_plan_measure_plan_id_step'))
    )
    with op.batch_alter_table('plan_measure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_measure_plan_id'), ['plan_id'], unique=False)

    op.create_table('referral',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('recommended', 'interview', 'offered', 'started', 'not_hired', 'declined', 'closed', name='referralstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('recommended_on', sa.Date(), nullable=False),
    sa.Column('staff', sa.String(length=40), nullable=True, comment='the named person who confirmed it'),
    sa.Column('state_since', sa.Date(), nullable=True),
    sa.Column('refusal_reason', sa.Enum('pay', 'distance', 'hours', 'content', 'health', 'family', 'other', name='refusalreason', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('score', sa.Double(), nullable=True, comment='0..1 when recommended'),
    sa.Column('evidence', sa.JSON(), nullable=True, comment='factors, weights, preset id at the time'),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['job_id'], ['job.id'], name=op.f('fk_referral_job_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_referral_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral')),
    sa.UniqueConstraint('person_id', 'job_id', name=op.f('uq_referral_person_id_job_id'))
    )
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referral_job_id'), ['job_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_referral_person_id'), ['person_id'], unique=False)

    op.create_table('weekly_output',
    sa.Column('workshop_week_id', sa.Integer(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('planned', sa.Integer(), nullable=False, comment='pieces'),
    sa.Column('made', sa.Integer(), nullable=False, comment='pieces'),
    sa.Column('good', sa.Integer(), nullable=False, comment='pieces right the first time'),
    sa.Column('reworked', sa.Integer(), nullable=False, comment='pieces'),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('piece_rate', sa.Double(), nullable=True, comment='yuan a piece'),
    sa.Column('version', sa.Integer(), server_default='1', nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.CheckConstraint('good <= made', name=op.f('ck_weekly_output_good')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_weekly_output_product_id')),
    sa.ForeignKeyConstraint(['workshop_week_id'], ['workshop_week.id'], name=op.f('fk_weekly_output_workshop_week_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_output')),
    sa.UniqueConstraint('workshop_week_id', 'product_id', name=op.f('uq_weekly_output_workshop_week_id_product_id'))
    )
    with op.batch_alter_table('weekly_output', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_weekly_output_workshop_week_id'), ['workshop_week_id'], unique=False)

    op.create_table('follow_up',
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('followed_on', sa.Date(), nullable=False),
    sa.Column('result', sa.Enum('in_work', 'left', 'unreachable', name='followupresult', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_follow_up_placement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up')),
    sa.UniqueConstraint('placement_id', 'followed_on', name=op.f('uq_follow_up_placement_id_followed_on'))
    )
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_follow_up_placement_id'), ['placement_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('follow_up', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_follow_up_placement_id'))

    op.drop_table('follow_up')
    with op.batch_alter_table('weekly_output', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_weekly_output_workshop_week_id'))

    op.drop_table('weekly_output')
    with op.batch_alter_table('referral', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referral_person_id'))
        batch_op.drop_index(batch_op.f('ix_referral_job_id'))

    op.drop_table('referral')
    with op.batch_alter_table('plan_measure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_measure_plan_id'))

    op.drop_table('plan_measure')
    with op.batch_alter_table('placement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_placement_started_on'))
        batch_op.drop_index(batch_op.f('ix_placement_person_id'))
        batch_op.drop_index(batch_op.f('ix_placement_job_id'))
        batch_op.drop_index(batch_op.f('ix_placement_employer_id'))
        batch_op.drop_index(batch_op.f('ix_placement_community_post_id'))

    op.drop_table('placement')
    with op.batch_alter_table('job_skill', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_skill_job_id'))

    op.drop_table('job_skill')
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolment_session_id'))
        batch_op.drop_index(batch_op.f('ix_enrolment_person_id'))

    op.drop_table('enrolment')
    with op.batch_alter_table('workshop_week', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_week_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_workshop_week_week'))

    op.drop_table('workshop_week')
    with op.batch_alter_table('welfare_post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_welfare_post_person_id'))
        batch_op.drop_index(batch_op.f('ix_welfare_post_community_id'))

    op.drop_table('welfare_post')
    with op.batch_alter_table('visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_visit_visited_on'))
        batch_op.drop_index(batch_op.f('ix_visit_person_id'))

    op.drop_table('visit')
    with op.batch_alter_table('production_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_production_order_workshop_id'))

    op.drop_table('production_order')
    with op.batch_alter_table('product_skill', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_product_skill_product_id'))

    op.drop_table('product_skill')
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_person_id'))

    op.drop_table('plan')
    with op.batch_alter_table('person_state', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_state_person_id'))

    op.drop_table('person_state')
    with op.batch_alter_table('person_skill', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_skill_skill'))
        batch_op.drop_index(batch_op.f('ix_person_skill_person_id'))

    op.drop_table('person_skill')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_job_workshop_id'))
        batch_op.drop_index(batch_op.f('ix_job_employer_id'))
        batch_op.drop_index(batch_op.f('ix_job_community_id'))

    op.drop_table('job')
    op.drop_table('intention')
    with op.batch_alter_table('hardship', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hardship_person_id'))

    op.drop_table('hardship')
    with op.batch_alter_table('experience', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_experience_person_id'))

    op.drop_table('experience')
    with op.batch_alter_table('course_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_course_session_course_id'))
        batch_op.drop_index(batch_op.f('ix_course_session_community_id'))

    op.drop_table('course_session')
    with op.batch_alter_table('assessment_score', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_score_assessment_id'))

    op.drop_table('assessment_score')
    with op.batch_alter_table('accommodation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accommodation_person_id'))

    op.drop_table('accommodation')
    with op.batch_alter_table('workshop', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_workshop_community_id'))

    op.drop_table('workshop')
    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_product_employer_id'))

    op.drop_table('product')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index('ix_person_name_phone')
        batch_op.drop_index(batch_op.f('ix_person_community_id'))

    op.drop_table('person')
    with op.batch_alter_table('employer_month', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_employer_month_employer_id'))

    op.drop_table('employer_month')
    op.drop_table('course')
    with op.batch_alter_table('assessment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_employer_id'))

    op.drop_table('assessment')
    op.drop_table('target')
    with op.batch_alter_table('staff_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_member_community_id'))

    op.drop_table('staff_member')
    op.drop_table('skill')
    with op.batch_alter_table('premises', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_premises_community_id'))

    op.drop_table('premises')
    with op.batch_alter_table('grid', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_grid_community_id'))

    op.drop_table('grid')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_community_id'))

    op.drop_table('event')
    with op.batch_alter_table('employer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_employer_community_id'))

    op.drop_table('employer')
    with op.batch_alter_table('community_post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_community_post_community_id'))

    op.drop_table('community_post')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_event_entity')
        batch_op.drop_index(batch_op.f('ix_audit_event_batch_id'))

    op.drop_table('audit_event')
    with op.batch_alter_table('action_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_action_item_community_id'))

    op.drop_table('action_item')
    op.drop_table('weight_preset')
    op.drop_table('weekly_snapshot')
    op.drop_table('setting')
    op.drop_table('revision')
    op.drop_table('parameter')
    op.drop_table('occupation')
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_batch_sha256'))

    op.drop_table('import_batch')
    op.drop_table('header_mapping')
    op.drop_table('community')
