"""Messages of the import about a file, a row or a cell: what is wrong and how to fix it.

A finding holds a code and its values; ``message`` makes the sentence in the reader's language. The registry
``MESSAGES`` is the only place with wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.locale import N_, Translator
from core.terms import Term

__all__ = ["BY", "Decision", "Finding", "Level", "MESSAGES", "Problem", "Refusal", "RowStatus", "UploadRefused"]


class Level(Term):
    """How severe a finding is; errors stop the whole import."""

    ERROR = "error", "错误", "error"
    WARNING = "warning", "提醒", "warning"
    NOTE = "note", "说明", "note"


class RowStatus(Term):
    """What an import would do with a row."""

    NEW = "new", "新增", "new"
    CHANGED = "changed", "变更", "changed"
    SAME = "same", "无变化", "same"
    DUPLICATE = "duplicate", "重复", "duplicate"
    REVIEW = "review", "待确认", "to be confirmed"
    ERROR = "error", "错误", "error"


class Decision(Term):
    """A person's answer to a row that matches someone by name and phone only."""

    SAME_PERSON = "same_person", "同一人", "same person"
    NEW_PERSON = "new_person", "新建人员", "new person"


class Problem(NamedTuple):
    """What a parser objects to; the place is added by ``planning.parsed_rows``."""

    code: str
    values: Mapping[str, Any] = {}
    level: Level = Level.ERROR
    suggestion: str | None = None


@dataclass(frozen=True)
class Finding:
    """A problem in its place. ``row`` counts as the spreadsheet does (1 = first line); None: the whole file."""

    code: str
    level: Level
    row: int | None = None
    column: str | None = None
    """Header of the column as it stands in the file."""
    raw: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    suggestion: str | None = None

    def message(self, tr: Translator) -> str:
        """The sentence, in the words of ``tr``, with the suggested value if there is one."""
        text = _message(tr, self.code, self.values)
        return (
            text if self.suggestion is None else tr("{message} Perhaps: {value}", message=text, value=self.suggestion)
        )


@dataclass(frozen=True)
class Refusal:
    """Why a file was turned away before anything was read from it."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def message(self, tr: Translator) -> str:
        return _message(tr, self.code, self.values)


class UploadRefused(Exception):
    """Raised while a file is read; ``refusal`` says why it is turned away."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, values)


def _message(tr: Translator, code: str, values: Mapping[str, Any]) -> str:
    shown = {key: tr.term(value) if isinstance(value, Term) else value for key, value in values.items()}
    if "by" in shown:
        shown["by"] = tr(BY[shown["by"]])
    for key in ("reason", "label", "law", "instead", "rule", "units"):
        if key in shown:
            shown[key] = tr(shown[key])
    return tr(MESSAGES[code], **shown)


BY: dict[str, str] = {
    "phone": N_("name and phone"),
    "last4": N_("name and last four of the ID number"),
    "birth": N_("name and month of birth"),
    "community": N_("name and community"),
    "both": N_("name, phone and last four of the ID number"),
    "name": N_("name alone"),
    "id": N_("ID number"),
}
"""By what a row was compared with known people."""


MESSAGES: dict[str, str] = {
    # -- the gate: whole files
    "empty_file": N_("The file is empty. Save the sheet again and upload the new file."),
    "too_big": N_("The file is {size} MB; at most {limit} MB can be imported. Split it by community or by month."),
    "old_excel": N_(
        "This old Excel or WPS file (.xls, .et) can't be read. "
        "Open it in Excel or WPS and save it as “Excel workbook (.xlsx)”."
    ),
    "other_format": N_("This is a file of the format {format}. Open it and save it as “Excel workbook (.xlsx)”."),
    "word_file": N_("This is a Word document. Copy its table into a workbook and save that as .xlsx."),
    "archive": N_("This is a compressed archive ({format}). Unpack it and upload the spreadsheet inside."),
    "several_books": N_("The archive holds {count} spreadsheets. Unpack it and upload them one by one."),
    "encrypted": N_("The file is protected by a password. Save a copy without password and upload that."),
    "html_file": N_(
        "This is a web page that only carries the name of a spreadsheet. "
        "Open it in Excel or WPS and save it as “Excel workbook (.xlsx)”."
    ),
    "pdf_file": N_("This is a PDF. Upload the spreadsheet it was made from (.xlsx or .csv)."),
    "not_a_sheet": N_("This is not a spreadsheet. Upload an Excel workbook (.xlsx) or a CSV file."),
    "broken_file": N_(
        "The file is damaged and can't be opened. Open it in Excel or WPS, save a copy, upload the copy."
    ),
    "too_many_parts": N_(
        "The workbook has {count} parts inside, more than {limit}. Copy the table into a new workbook."
    ),
    "unpacks_too_big": N_(
        "The workbook unpacks to more than {limit} MB: there are many empty formatted cells or too many rows. "
        "Copy the filled rows into a new workbook."
    ),
    "doctype": N_("The workbook has forbidden definitions (DOCTYPE) inside. Copy the table into a new workbook."),
    "macros": N_("The workbook has macros. Save it as “Excel workbook (.xlsx)”, which has none."),
    "external_links": N_(
        "The workbook refers to other workbooks. Copy the table and paste it as values into a new workbook."
    ),
    "too_many_rows": N_("The sheet has more than {limit} rows. Split it by community or by month."),
    "too_many_columns": N_("The sheet has more than {limit} columns. Delete the columns that aren't in the template."),
    "encoding": N_(
        "The characters of this CSV file can't be read for certain. "
        "Save it as “CSV UTF-8” or as an Excel workbook (.xlsx)."
    ),
    "broken_csv": N_(
        "Row {row} of the CSV file has a quotation mark that has no partner. "
        "Correct the row, or save the table as an Excel workbook (.xlsx)."
    ),
    "cell_too_long": N_("Row {row} of “{name}” has a cell with {count} characters; at most {limit} fit. Shorten it."),
    "reaches_too_far": N_(
        "The cells of a sheet lie further apart than {limit} cells. Copy the filled rows into a new workbook."
    ),
    "no_table": N_("There is no row of data in this file."),
    # -- the sheet
    "missing_column": N_("The required column “{header}” is missing. Add it, or choose which column holds it."),
    "unknown_column": N_("The template has no column “{header}”; it is ignored."),
    "not_kept": N_("The column “{header}” is not stored: {reason}"),
    "duplicate_header": N_(
        "The header “{header}” occurs more than once; only the first is read. Rename or delete one."
    ),
    "hidden_rows": N_("{count} hidden rows are imported too ({rows}). Delete them in the sheet if they don't belong."),
    "hidden_sheet": N_("The sheet “{name}” is hidden and is not imported."),
    "other_sheet": N_("The workbook also has the sheet “{name}”; it is not imported now."),
    "blank_stop": N_("Reading stopped at row {row} after {count} blank rows; whatever follows is not imported."),
    "no_rows": N_("There is no row of data below the header of “{name}”."),
    "no_rows_left": N_("There is no row of data in “{name}”: all {count} rows below the header are skipped."),
    "merged_down": N_("“{header}”: merged cells count in each of their rows ({rows})."),
    "merged_sideways": N_("{headers} are one merged cell; its value is read as “{first}” only."),
    "beyond_header": N_(
        "“{value}” stands to the right of the last column, “{header}”. Give it a header or delete it; "
        "in a CSV file, put quotation marks around a text with a comma."
    ),
    "no_header": N_("Column {header} has no header; its values ({rows}) are not imported. Give it a header."),
    "sheet_name_as_community": N_("“{header}” is missing in {sheets}; the name of the sheet is read as the community."),
    "example_row": N_("This is the example row of the template; it is ignored."),
    "nothing_mapped": N_("No column is assigned yet. Choose the sheet and assign its columns."),
    # -- any cell
    "required": N_("“{header}” is empty. It must be filled in."),
    "needed_for_new": N_("This is a new entry, and “{header}” must be filled in for a new one."),
    "cannot_clear": N_("“{header}” can't be cleared. Give a value, or leave it blank to keep the stored one."),
    "ditto": N_("同上 was read as “{value}”."),
    "ditto_not_here": N_("“{header}” is never the same in two rows. Write it out instead of 同上."),
    "ditto_nothing_above": N_("There is no value above this 同上. Write it out."),
    "formula": N_(
        "The cell holds a formula without a result. Copy the column and paste it as values, then upload again."
    ),
    "error_value": N_("The cell shows the Excel error {value}. Fix the formula, or type the value."),
    "too_long": N_("The text has {count} characters; at most {limit} fit. Shorten it."),
    # -- dates, numbers, terms
    "date": N_("“{value}” is not a valid date. Write it like 2025-03-01."),
    "two_digit_year": N_("The year of “{value}” has two digits and could be read in several ways. Write 2025-03-01."),
    "date_order": N_("In “{value}” day and month could be swapped. Write the year first, like 2025-03-01."),
    "day_missing": N_("“{value}” has no day: read as {day}. Write the whole date if another day is meant."),
    "age": N_("“{value}” is an age, which changes every year. Write the date of birth, like 1985-06."),
    "date_range": N_("The year {year} can't be right. Check the date."),
    "serial_date": N_("The number {value} was read as the date {day}. Check it."),
    "month": N_("“{value}” is not a valid month. Write it like 2025-03."),
    "week": N_("“{value}” is not a valid week. Write it like 2025-W12, or give the date of its Monday."),
    "number": N_("“{value}” is not a number. Write digits only, without words."),
    "unit": N_("“{value}”: the unit “{unit}” does not fit here. Write the number in {units}."),
    "range": N_("“{value}” is a range. Write one number."),
    "converted": N_("“{value}” was converted: {sum}."),
    "converted_by_rule": N_("“{value}” was converted, as {rule}: {sum}. Write another number if this is not meant."),
    "negotiable": N_("“{value}” names no number; nothing is stored."),
    "hours_a_day": N_("“{value}” are hours a day. Write the hours of a week; for five days that is {result}."),
    "and_so_on": N_("“{value}” ends with 等, which names nothing; the rest is read."),
    "whole_number": N_("{value} is not a whole number."),
    "too_small": N_("{value} is below the smallest possible value, {limit}."),
    "too_large": N_("{value} is above the largest possible value, {limit}."),
    "share": N_("{value} is not a valid share. Write it like 35% or 0.35."),
    "pay": N_("“{value}” can't be read as pay. Write 3000, or 2500-3500."),
    "pay_order": N_("The lower pay {low} is above the upper {high}. Swap them."),
    "yes_no": N_("“{value}” is neither yes nor no. Write 是 or 否."),
    "term": N_("“{value}” is not in the list. Allowed: {allowed}."),
    "lookup_community": N_("There is no community “{value}”. Write its name as in the list of communities."),
    "lookup_skill": N_("There is no skill “{value}” in the list of skills."),
    "lookup_occupation": N_("There is no occupation “{value}” in the national classification. Give its name or code."),
    "lookup_workshop": N_("There is no micro-workshop “{value}”. Import the list of workshops first."),
    "lookup_product": N_("There is no product “{value}”. Import the list of products first."),
    "lookup_premises": N_("There are no premises “{value}”. Import the list of premises first."),
    "lookup_policy": N_("There is no policy “{value}”. Write its name as on the page of policies."),
    "lookup_opening": N_("There is no opening “{value}”. Write its number as on the page of openings."),
    "lookup_community_post": N_("There is no batch of community posts “{value}”. Import the plan of posts first."),
    "skill_level": N_("The level in “{value}” must be a number from 1 to 4."),
    "skill_mark": N_("“{value}”: after the skill only a level 1–4, 必备 or 证书 may follow."),
    "hours": N_("“{value}” can't be read as working hours. Write it like 周一至周五 09:00-16:00."),
    "hours_order": N_("In “{value}” the end is not after the start."),
    "credit_code": N_("“{value}” is not a valid unified social credit code (18 characters with a check character)."),
    # -- people
    "id_as_number": N_(
        "The ID number is stored as a number, so its last digits are lost. "
        "Format the column as text and type the number again; don't just change the format."
    ),
    "id_scientific": N_(
        "The ID number was shortened to “{value}” by Excel, so its last digits are lost. "
        "Format the column as text and type the number again."
    ),
    "id_length": N_("An ID number has 18 characters (older ones 15); this one has {count}."),
    "id_characters": N_("An ID number has digits only, the last may be X. Delete other characters."),
    "id_date": N_("Digits 7 to 14 of the ID number are not a valid date of birth. Check the number."),
    "id_check": N_("The check character of the ID number is wrong: at least one digit is mistyped. Check the number."),
    "id_15": N_("An old ID number with 15 digits was converted to 18. Check it against the card."),
    "id_region": N_("The first two digits of the ID number are not the code of a province. Check the number."),
    "id_sex": N_("The sex does not match the ID number. The ID number is used."),
    "id_birth": N_("The date of birth does not match the ID number. The ID number is used."),
    "visit_number": N_(
        "“{value}” is not a number of a visiting round: eight letters and digits with a check character. Compare the paper."
    ),
    "posting": N_("“{words}”: {label} ({law}). {instead}"),
    "last_four": N_("Give the last four characters of the ID number."),
    "phone": N_("“{value}” is not a valid phone number. A mobile number has 11 digits; landlines need the area code."),
    "phones": N_("There are more than two phone numbers in the cell. Leave at most two."),
    "phone_remark": N_("The words “{remark}” behind the phone number are not stored."),
    "two_phones": N_("Two phone numbers in one cell: {first} is stored as the first, {second} as the second."),
    "review_person": N_(
        "Without a full ID number this row fits one known person by {by}. Decide whether it is the same person."
    ),
    "same_name": N_(
        "{count} known people have this name and nothing else in common with the row: it is registered as a new person. "
        "Choose the known person if it is one of them."
    ),
    "other_sex": N_(
        "The sex of the row is not that of the ID number. Decide whether the number belongs to this person."
    ),
    "several_people": N_("{count} known people fit this row by {by}. Add the ID number."),
    "unknown_person": N_(
        "Nobody in the store fits this row by {by}. Check name and number, or register the person first."
    ),
    "other_name": N_(
        "The ID number belongs to {name} in the store. Decide whether it is the same person, whose name then stays; "
        "else correct the number."
    ),
    # -- rows
    "order": N_("“{later}” ({late}) is before “{earlier}” ({early}). Check both."),
    "other_employer": N_("Opening {opening} is one of {employer}. Correct the number or the employer."),
    "at_most": N_("“{smaller}” ({small}) is above “{larger}” ({large}). Check both."),
    "needs": N_("“{header}” is given, but “{other}” is not. Fill in both or neither."),
    "overlap": N_(
        "The time overlaps that of another stored entry of the same person ({start} to {end}). Check the days."
    ),
    "overlap_in_file": N_(
        "The time overlaps that of row {first} about the same person ({start} to {end}). Check the days."
    ),
    "roll_over_places": N_("{value} people on the roll, but stations times shifts of a day hold {places}."),
    "hours_over_roll": N_("{value} hours for {people} people are more than {limit} hours each."),
    "order_over_year": N_("{value} pieces are more than the workshop made in a year ({year})."),
    "pay_over_medians": N_("{value} yuan a month are more than {times} times the median of all placements ({median})."),
    "age_out_of_range": N_("An age of {age} years; between {low} and {high} are expected."),
    "duplicate": N_("The same as row {first}; it is counted once."),
    "contradiction": N_("Row {first} is about the same entry but differs in {headers}. Keep one of them."),
    "unknown_reference": N_("No stored entry fits {headers} of this row. Check them, or import that sheet first."),
    "unknown_visit_number": N_(
        "No household of a printed round has this number. Compare it with the paper; take the paper's own sheet."
    ),
    "filled_before": N_("This was entered before, with {value}. Correct it on the person's page; it is not replaced."),
    "taken": N_("“{value}” belongs to another entry already. Check it."),
    "reporting_day": N_("The week is missing. Choose the reporting day."),
    "half_position": N_("Longitude and latitude belong together; one is missing."),
    "position_swapped": N_("Longitude and latitude are swapped. Longitude is about 116, latitude about 35."),
    "position_range": N_("The position {lon}, {lat} lies outside China."),
    "position_far": N_("The position lies {distance} km from the district. Check it and the coordinate system."),
    "position_system": N_(
        "The positions are about {metres} m off and look like {system}: read as chosen, they are {now} m to one side "
        "of the {n} places that they name; read as {system}, {then} m. "
        "Select it under “Coordinates are in” unless you're sure the current setting is right."
    ),
    "position_unchecked": N_(
        "The coordinate system could not be checked: the {n} positions name only {places} known places. "
        "Make sure that {system} is right; a wrong one moves everything by about 500 m."
    ),
    "no_consent": N_("The person has not agreed to the collection of data. Don't import without consent."),
}
