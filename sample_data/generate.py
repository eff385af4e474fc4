"""Write the sample district: thirty-two sheets as a bureau keeps them, its decisions, and the geometry of its sketch map.

Everyone and everything in it is invented, but for the published figures that it reproduces and the names of
three enterprises that the published report mentions. The same seed gives the same bytes::

    python sample_data/generate.py                      # into this folder
    python sample_data/generate.py /tmp/there           # elsewhere
    python sample_data/generate.py --city 12 /tmp/city  # twelve districts, a folder each: this one and eleven others
"""

from __future__ import annotations

import argparse
from multiprocessing import Pool
from pathlib import Path

from district import (
    basis,
    businesses,
    city,
    decisions,
    employers,
    geography,
    meetings,
    openings,
    policies,
    production,
    referrals,
    registers,
    reviews,
    training,
    visits,
)
from district.basis import write_sheet
from district.lives import make_people
from district.monitoring import monitored
from district.names import make_staff, staff_rows
from district.portraits import set_portraits
from district.vocabulary import SKILLS


def generate(folder: Path, variant: city.Variant | None = None) -> None:
    """Make the district and write its sheets and geometry into ``folder``.

    A ``variant`` of it is read by the app once less: its enterprises file figures that were not monitored before.
    """
    land = geography.make_geography()
    staff = make_staff(land)
    economy = employers.make_economy(land)
    people, slots = make_people(land, economy)
    training.set_domains(people)
    sessions = training.plan_sessions(land, economy)
    training.commission(people, sessions, economy)
    training.train(people, sessions)
    set_portraits(people)
    made_visits = visits.make_visits(people, staff)
    if variant is not None:
        people, slots, made_visits = city.thinned(variant, people, slots, sessions, made_visits)
    open_now, past = openings.open_now(economy), openings.past(slots)
    referral_rows = referrals.referral_rows(people, slots, past, open_now, staff)
    orders, weeks = production.make_production(economy, slots)
    months = reviews.make_months(economy, slots)
    events = meetings.event_rows(land)
    rated = meetings.rates(people, economy, slots, sessions, made_visits)
    shops = businesses.make_businesses(land, people)
    answers = policies.make_answers(people)
    counted = meetings.measures(people, made_visits, sessions, economy, events)
    sheets = {
        "communities": geography.community_rows(land),
        "staff": staff_rows(staff),
        "premises": geography.premises_rows(land),
        "workshops": employers.workshop_rows(economy),
        "products": employers.product_rows(economy, {code: skill.name for code, skill in SKILLS.items()}),
        "community_posts": employers.batch_rows(economy),
        "welfare_posts": registers.welfare_rows(people, sessions),
        "job_seekers": registers.seeker_rows(people, staff),
        "states": registers.state_rows(people),
        "skills": registers.skill_rows(people),
        "experience": registers.experience_rows(people),
        "visits": visits.visit_rows(made_visits),
        "plans": visits.plan_rows(people, staff),
        "training": training.training_rows(sessions),
        "openings": city.distinct(
            openings.opening_rows([*{id(o): o for o in past.values()}.values(), *open_now]), city.OPENING
        ),
        "placements": registers.placement_rows(people),
        "follow_ups": registers.follow_up_rows(people),
        "referrals": referral_rows,
        "orders": production.order_rows(orders),
        "workshop_weeks": production.week_rows(weeks),
        "employer_months": reviews.month_rows(months),
        "events": events,
        "dispatch": meetings.dispatch_rows(counted, rated, land, staff),
        "unemployment": registers.unemployment_rows(people),
        "round_visits": visits.ROUND_EXAMPLE,
        "team_meetings": meetings.team_meeting_rows(land, staff),
        "eligibility_answers": policies.answer_rows(answers),
        "policy_applications": policies.application_rows(answers, shops, staff),
        "micro_businesses": businesses.business_rows(shops),
        "business_support": businesses.support_rows(shops),
    }
    folder.mkdir(parents=True, exist_ok=True)
    decisions.remove(folder)  # those of an earlier run: they are made of these sheets at the end
    for code, rows in sheets.items():
        write_sheet(folder, code, rows)
    geography.write_geometry(folder / "geometry", land)

    def write_reviews(made: list[reviews.Review]) -> None:
        write_sheet(folder, "tiers", reviews.tier_rows(made, months, slots, people))
        write_sheet(folder, "tier_scores", reviews.score_rows(made))

    write_reviews(reviews.make_reviews(economy))  # all sheets must be there before the app can read them and monitor
    if variant is not None:
        return
    reviewed = reviews.make_reviews(economy, monitored(folder, reviews.REVIEWS))
    last = [review for review in reviewed if review.day == reviews.REVIEWS[-1]]
    write_reviews([review for review in reviewed if review.day < reviews.REVIEWS[-1]])
    decided = decisions.make_decisions(folder, last, orders)  # the last review among them, so without its sheet
    write_reviews(reviewed)
    decisions.write(folder, decided)


def generate_variant(folder: Path, variant: city.Variant) -> None:
    """Write a district of a city into a folder of its own below ``folder``, named by its key."""
    basis.draw_from(variant.seed)
    own = folder / variant.key
    generate(own, variant if variant.words else None)
    city.rename(own, variant)


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description="Write the sample district as a bureau's sheets.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path(__file__).resolve().parent)
    parser.add_argument("--city", type=int, metavar="N", help="so many districts, a folder each; two processes")
    options = parser.parse_args()
    if options.city is None:
        generate(options.folder)
        return
    with Pool(2, maxtasksperchild=1) as processes:
        processes.starmap(generate_variant, [(options.folder, v) for v in city.variants(options.city)], chunksize=1)


if __name__ == "__main__":
    main()
