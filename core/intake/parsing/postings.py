"""The parser of what an opening says of itself: forbidden wording is read, but told with the rule it breaks."""

from __future__ import annotations

from dataclasses import dataclass

from core.intake.findings import Level, Problem
from core.intake.parsing.base import Parsed, Text
from core.intake.parsing.vocabulary import Vocabulary
from core.jobs.linter import lint

__all__ = ["Posting"]


@dataclass(frozen=True)
class Posting(Text):
    """A title or a description that people will read; see ``core.jobs.linter``."""

    def read(self, raw: object, words: Vocabulary) -> Parsed:
        """The text, with a warning for each forbidden wording in it."""
        value, problems = super().read(raw, words)
        told = [
            Problem(
                "posting",
                {
                    "words": found.words,
                    "label": found.rule.label,
                    "law": found.rule.law,
                    "instead": found.rule.instead,
                },
                Level.WARNING,
            )
            for found in lint(value)
        ]
        return Parsed(value, (*problems, *told))
