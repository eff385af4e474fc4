"""SELECTs about micro-workshops: premises, weekly reports, outputs, orders, who is on the roll. Frames are ordered by key."""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, func, or_, select

from core.store.frames import frame
from core.store.schema import (
    ApprovedRoster,
    Community,
    Course,
    CourseSession,
    Employer,
    Order,
    Person,
    Placement,
    Premises,
    Product,
    ProductSkill,
    Promise,
    RosterCell,
    WeeklyOutput,
    Workshop,
    WorkshopWeek,
)
from core.terms import PremisesUse

__all__ = [
    "course_lengths",
    "idle_premises",
    "approved_cells",
    "approved_rosters",
    "last_roster_rev",
    "order_codes",
    "orders",
    "output_ids",
    "outputs",
    "product_skills",
    "products",
    "promises",
    "received",
    "roll",
    "week_id",
    "weeks",
    "workshops",
]


def workshops(connection: Connection) -> pd.DataFrame:
    """Every workshop with its community, premises and operator; see ``schema.Workshop`` for units.

    Columns beside the table's own: community, premises, area_m2, possible_stations, lon, lat (WGS-84; the
    community's label point where the premises are not known), operator.
    """
    table = frame(
        connection,
        select(
            *Workshop.__table__.columns,
            Community.name.label("community"),
            Premises.name.label("premises"),
            Premises.area_m2,
            Premises.possible_stations,
            Premises.lon,
            Premises.lat,
            Community.lon.label("community_lon"),
            Community.lat.label("community_lat"),
            Employer.name.label("operator"),
        )
        .join(Community, Community.id == Workshop.community_id)
        .outerjoin(Premises, Premises.id == Workshop.premises_id)
        .outerjoin(Employer, Employer.id == Workshop.employer_id)
        .order_by(Workshop.id),
    )
    table["lon"] = table["lon"].fillna(table["community_lon"])
    table["lat"] = table["lat"].fillna(table["community_lat"])
    return table.drop(columns=["community_lon", "community_lat"])


def weeks(connection: Connection, today: date) -> pd.DataFrame:
    """Weekly reports of weeks that began by ``today``.

    Columns: id, workshop_id, week (Monday), stations, on_roll, attendances, hours, labour_cost (yuan), shortage
    (persons), problem, version.
    """
    t = WorkshopWeek
    return frame(connection, select(*t.__table__.columns).where(t.week <= today).order_by(t.workshop_id, t.week))


def outputs(connection: Connection, today: date) -> pd.DataFrame:
    """What each workshop made in each week, by product.

    Columns: workshop_id, week, product_id, product, product_en, standard_minutes, planned, made, good, reworked
    (pieces), due_on, piece_rate (yuan a piece; the week's own, else the product's).
    """
    t = WeeklyOutput
    table = frame(
        connection,
        select(
            WorkshopWeek.workshop_id,
            WorkshopWeek.week,
            t.product_id,
            Product.name.label("product"),
            Product.name_en.label("product_en"),
            Product.standard_minutes,
            t.planned,
            t.made,
            t.good,
            t.reworked,
            t.due_on,
            t.piece_rate,
            Product.piece_rate.label("product_rate"),
        )
        .join(WorkshopWeek, WorkshopWeek.id == t.workshop_week_id)
        .join(Product, Product.id == t.product_id)
        .where(WorkshopWeek.week <= today)
        .order_by(WorkshopWeek.workshop_id, WorkshopWeek.week, t.product_id),
    )
    table["piece_rate"] = table["piece_rate"].fillna(table["product_rate"])
    return table.drop(columns="product_rate")


def orders(connection: Connection, today: date) -> pd.DataFrame:
    """Orders that were open on ``today`` with their remaining pieces.

    Columns: id, code, workshop_id, product_id, product, product_en, standard_minutes, piece_rate, home_work, customer,
    pieces, done_pieces, remaining, received_on, due_on, version.
    """
    t = Order
    table = frame(
        connection,
        select(
            t.id,
            t.code,
            t.workshop_id,
            t.product_id,
            Product.name.label("product"),
            Product.name_en.label("product_en"),
            Product.standard_minutes,
            Product.piece_rate,
            Product.home_work,
            t.customer,
            t.pieces,
            t.done_pieces,
            t.received_on,
            t.due_on,
            t.version,
        )
        .join(Product, Product.id == t.product_id)
        .where(t.received_on <= today, or_(t.closed_on.is_(None), t.closed_on > today))
        .order_by(t.workshop_id, t.due_on, t.id),
    )
    table["remaining"] = (table["pieces"] - table["done_pieces"]).clip(lower=0)
    return table[table["remaining"] > 0].reset_index(drop=True)


def received(connection: Connection, today: date) -> pd.DataFrame:
    """Every order received by ``today``, open or closed: workshop_id, product_id, received_on, pieces, standard_minutes."""
    t = Order
    return frame(
        connection,
        select(t.workshop_id, t.product_id, t.received_on, t.pieces, Product.standard_minutes)
        .join(Product, Product.id == t.product_id)
        .where(t.received_on <= today)
        .order_by(t.workshop_id, t.received_on, t.id),
    )


def products(connection: Connection) -> pd.DataFrame:
    """Every product: id, code, name, name_en, family, employer_id, standard_minutes, piece_rate, home_work."""
    t = Product
    columns = [c for c in t.__table__.columns if c.key != "version"]
    return frame(connection, select(*columns).order_by(t.id))


def product_skills(connection: Connection) -> pd.DataFrame:
    """product_id, skill: what the steps of a product ask for."""
    t = ProductSkill
    return frame(connection, select(t.product_id, t.skill).order_by(t.product_id, t.skill))


def roll(connection: Connection, today: date) -> pd.DataFrame:
    """People at work in a workshop on ``today`` (placements that had begun and not ended).

    Columns: placement_id, workshop_id, person_id, name, phone, started_on, form, monthly_pay (yuan a month),
    weekly_hours (contracted; NA: by the form of work), version.
    """
    t = Placement
    return frame(
        connection,
        select(
            t.id.label("placement_id"),
            t.workshop_id,
            t.person_id,
            Person.name,
            Person.phone,
            t.started_on,
            t.form,
            t.monthly_pay,
            t.weekly_hours,
            t.version,
        )
        .join(Person, Person.id == t.person_id)
        .where(t.workshop_id.is_not(None), t.started_on <= today, or_(t.ended_on.is_(None), t.ended_on > today))
        .order_by(t.workshop_id, t.started_on, t.id),
    )


def idle_premises(connection: Connection) -> pd.DataFrame:
    """Premises that no workshop uses and the register does not call in use: id, code, name, kind, community, lon, lat, area_m2, possible_stations."""
    t = Premises
    return frame(
        connection,
        select(
            t.id,
            t.code,
            t.name,
            t.kind,
            Community.name.label("community"),
            t.lon,
            t.lat,
            t.area_m2,
            t.possible_stations,
        )
        .join(Community, Community.id == t.community_id)
        .where(
            ~select(Workshop.id).where(Workshop.premises_id == t.id).exists(),
            or_(t.use.is_(None), t.use != PremisesUse.IN_USE),
        )
        .order_by(t.id),
    )


def promises(connection: Connection, today: date) -> pd.DataFrame:
    """Every decision made by ``today`` with the facts known of it, newest first.

    Columns: id, kind, workshop_id, workshop, order_id, code, product, product_en, roster_id, number, due_on, expected_on,
    probability, hourly_pay, evidence, reason, made_on, made_by, pieces, done_pieces, closed_on.
    """
    t = Promise
    return frame(
        connection,
        select(
            t.id,
            t.kind,
            t.workshop_id,
            Workshop.name.label("workshop"),
            t.order_id,
            Order.code,
            Product.name.label("product"),
            Product.name_en.label("product_en"),
            t.roster_id,
            t.number,
            t.due_on,
            t.expected_on,
            t.probability,
            t.hourly_pay,
            t.evidence,
            t.reason,
            t.made_on,
            t.made_by,
            Order.pieces,
            Order.done_pieces,
            Order.closed_on,
        )
        .join(Workshop, Workshop.id == t.workshop_id)
        .outerjoin(Order, Order.id == t.order_id)
        .outerjoin(Product, Product.id == t.product_id)
        .where(t.made_on <= today)
        .order_by(t.made_on.desc(), t.id.desc()),
    )


def order_codes(connection: Connection, prefix: str) -> list[str]:
    """The codes of all orders that begin with ``prefix``, in order."""
    return list(connection.scalars(select(Order.code).where(Order.code.startswith(prefix)).order_by(Order.code)))


def week_id(connection: Connection, workshop: int, week: date) -> int | None:
    """The weekly report of a workshop's week, if there is one."""
    t = WorkshopWeek
    return connection.scalar(select(t.id).where(t.workshop_id == workshop, t.week == week))


def output_ids(connection: Connection, workshop_week: int) -> dict[int, int]:
    """Product id → id of its line in a weekly report."""
    t = WeeklyOutput
    rows = connection.execute(select(t.product_id, t.id).where(t.workshop_week_id == workshop_week))
    return {int(product): int(line) for product, line in rows}


def last_roster_rev(connection: Connection, workshop: int, week: date) -> int:
    """The newest revision of a week's approved roster; 0 without one."""
    t = ApprovedRoster
    newest = select(func.max(t.rev)).where(t.workshop_id == workshop, t.week == week)
    return connection.scalar(newest) or 0


def approved_rosters(connection: Connection) -> pd.DataFrame:
    """The newest approved roster of each workshop and week.

    Columns: id, workshop_id, week (Monday), rev, shift_hours, asked_hours, expected_hours (standard hours), method, gap,
    approved_by, approved_at, reason.
    """
    t = ApprovedRoster
    table = frame(connection, select(*t.__table__.columns).order_by(t.workshop_id, t.week, t.rev))
    return table.drop_duplicates(["workshop_id", "week"], keep="last").reset_index(drop=True)


def approved_cells(connection: Connection) -> pd.DataFrame:
    """Every half day of every approved roster: roster_id, person_id, slot (0..13), leads, locked."""
    t = RosterCell
    columns = (t.roster_id, t.person_id, t.slot, t.leads, t.locked)
    return frame(connection, select(*columns).order_by(t.roster_id, t.person_id, t.slot))


def course_lengths(connection: Connection) -> pd.DataFrame:
    """Every session of a course that teaches a skill: skill, starts_on, ends_on."""
    t = CourseSession
    return frame(
        connection,
        select(Course.skill, t.starts_on, t.ends_on)
        .join(Course, Course.id == t.course_id)
        .where(Course.skill.is_not(None))
        .order_by(Course.skill, t.starts_on, t.id),
    )
