"""Colours by meaning, the same on every page, map and export. Never colour alone: see ``Light.shape``."""

from __future__ import annotations

from core.terms import Light, Tier

__all__ = [
    "COHORTS",
    "CONTEXT",
    "FACTORS",
    "FONT",
    "LIGHTS",
    "OPENINGS",
    "POSTS",
    "POSTS_ON_DARK",
    "SEEKERS",
    "TIERS",
]

FONT = "Noto Sans CJK SC, Microsoft YaHei, PingFang SC, sans-serif"
SEEKERS = "#B5892B"  # people who seek work: ochre
OPENINGS = "#1B7F8C"  # openings and seats: teal
CONTEXT = "#9AA3AB"  # context behind the finding
LIGHTS = {Light.GREEN: "#1B7F4B", Light.YELLOW: "#B7791F", Light.RED: "#B3261E"}
# Seven hues of equal weight (Paul Tol's muted scheme), in the fixed order of the match factors.
FACTORS = ("#332288", "#88CCEE", "#44AA99", "#117733", "#DDCC77", "#CC6677", "#AA4499")
# Half-years of exits, oldest first; each reads on white and on dark.
COHORTS = ["#4A80BF", "#44AA99", "#B5892B", "#B65FA8", "#7A8B3C", "#C2665A"]
# One hue from the background to the finding: light → dark, on the dark theme dark → light.
POSTS = {"planned": "#CFE3E6", "developed": "#7DB8C0", "filled": "#1B7F8C"}
POSTS_ON_DARK = {"planned": "#23424A", "developed": "#2F7B87", "filled": "#8AD7E2"}
TIERS = {
    Tier.WATCH: "#C9CED3",
    Tier.RESERVE: "#BDD3EA",
    Tier.GROWTH: "#86AEDB",
    Tier.BACKBONE: "#4A80BF",
    Tier.LEADER: "#1F5597",
}
