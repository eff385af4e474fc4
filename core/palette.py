"""Colours by meaning, the same on every page, map and export. Never colour alone: see ``Light.shape``.

They are for marks: each reads at 3:1 or better on white and on dark, or is drawn with an outline in ``CONTEXT``. No
colour reads as text (4.5:1) on both, so that text among the marks has the ink of the theme and no colour of its own.
"""

from __future__ import annotations

from core.terms import Light, Tier

__all__ = [
    "COHORTS",
    "CONTEXT",
    "DARK_GROUND",
    "FACTORS",
    "FONT",
    "LIGHTS",
    "LIGHT_GROUND",
    "OPENINGS",
    "POSTS",
    "POSTS_ON_DARK",
    "SEEKERS",
    "TIERS",
    "TIERS_ON_DARK",
    "tint",
]

FONT = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
SEEKERS = "#B5892B"  # people who seek work: ochre
OPENINGS = "#1B7F8C"  # openings and seats: teal
CONTEXT = "#889199"  # context behind the finding
LIGHTS = {Light.GREEN: "#1B7F4B", Light.YELLOW: "#B7791F", Light.RED: "#C73E32"}
# Seven hues of equal weight (Paul Tol's muted scheme), in the fixed order of the match factors; outlined.
FACTORS = ("#332288", "#88CCEE", "#44AA99", "#117733", "#DDCC77", "#CC6677", "#AA4499")
# Half-years of exits, oldest first; each reads on white and on dark.
COHORTS = ["#4A80BF", "#3B9C85", "#B5892B", "#B65FA8", "#7A8B3C", "#C2665A"]
# One hue from the background to the finding: light → dark, on the dark theme dark → light; outlined.
POSTS = {"planned": "#CFE3E6", "developed": "#7DB8C0", "filled": "#1B7F8C"}
POSTS_ON_DARK = {"planned": "#23424A", "developed": "#2F7B87", "filled": "#8AD7E2"}
TIERS = {  # outlined
    Tier.WATCH: "#C9CED3",
    Tier.RESERVE: "#BDD3EA",
    Tier.GROWTH: "#86AEDB",
    Tier.BACKBONE: "#4A80BF",
    Tier.LEADER: "#1F5597",
}
TIERS_ON_DARK = {
    Tier.WATCH: "#3A424A",
    Tier.RESERVE: "#24405F",
    Tier.GROWTH: "#2F659F",
    Tier.BACKBONE: "#5E97D6",
    Tier.LEADER: "#B5D4F5",
}
LIGHT_GROUND, DARK_GROUND = "#FFFFFF", "#14181C"
TINT = 0.25  # share of a colour in the ground behind text


def tint(colour: str, ground: str = LIGHT_GROUND) -> str:
    """``colour`` (#RRGGBB) as a ground on which the text of the theme reads: a quarter of it in ``ground``."""
    pairs = zip(*(bytes.fromhex(c.removeprefix("#")) for c in (colour, ground)), strict=True)
    return "#" + bytes(round(TINT * top + (1 - TINT) * below) for top, below in pairs).hex().upper()
