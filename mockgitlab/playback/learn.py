"""From a recording to a scenario: what was seen becomes users, groups, projects and all that is in them.

The scenario is the state before the recorded session, as far as its answers show it: of each field what was seen first
counts, and what the session made is no part of it.
"""

from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

from mockgitlab.dsl import Definitions
from mockgitlab.playback.exchange import header
from mockgitlab.playback.learn_code import learn_code
from mockgitlab.playback.learn_gaps import fill
from mockgitlab.playback.learn_items import Items
from mockgitlab.playback.learn_members import Members
from mockgitlab.playback.learn_mending import mend
from mockgitlab.playback.learn_people import People
from mockgitlab.playback.learn_reading import Kinds, Seen, objects_in, read
from mockgitlab.playback.learn_records import Records
from mockgitlab.playback.learn_texts import take_texts
from mockgitlab.playback.recording import Recording
from mockgitlab.playback.yaml_text import dump
from mockgitlab.store import Settings, parse_instant, timestamp

ORDER = ("users", "groups", "projects", "snippets")


@dataclass
class Learned:
    """A scenario learned from a recording, and what was assumed to make one of it."""

    scenario: dict[str, Any]
    upstream: str
    remarks: list[str] = field(default_factory=list)

    def text(self, file: str) -> str:
        """Return the scenario as YAML, the remarks as comments above it."""
        head = [f"Learned from {file} by mockgitlab learn: what the recording shows of the state before it."]
        lines = [*head, *(f"Assumed: {remark}." for remark in self.remarks)]
        return "".join(f"# {line}\n" for line in lines) + dump(self.scenario)


class NothingToLearn(ValueError):
    """A recording in which no answer shows a record that scenarios hold."""


def learn(recording: Recording, definitions: Definitions) -> Learned:
    """Return the scenario that a recording shows; raises ``NothingToLearn`` when it shows none."""
    seen = read(recording, definitions, replace(Settings(), api=("v4", "v3")))
    kinds = Kinds(definitions)
    records = Records(kinds)
    records.learn(seen)
    people = People(seen, records)
    people.place()
    remarks = [*_unknown(seen), *fill(seen, records)]
    if not list(records):
        raise NothingToLearn(_nothing(recording, seen))
    members = Members(seen, records, people.users)
    members.note()
    take_texts(seen, records)
    remarks += [*people.remarks, *members.remarks, *learn_code(seen, records)]
    items = Items(kinds, records).below()
    settings = {"version": _version(seen), "api": _apis(recording), "clock": _clock(seen, recording)}
    scenario = {"mockgitlab": 1, "gitlab": {key: value for key, value in settings.items() if value}}
    scenario |= {name: items.pop(name) for name in ORDER if name in items}
    scenario |= {**items, "tokens": people.tokens()}
    remarks += mend(scenario, definitions)
    return Learned(scenario, recording.upstream, list(dict.fromkeys(remarks)))


def _nothing(recording: Recording, seen: list[Seen]) -> str:
    if not seen:
        return f"{recording.file} has no exchanges: there is nothing to learn from it"
    well = sum(one.well for one in seen)
    known = sum(one.operation is not None for one in seen)
    told = f"{len(seen)} exchanges, {known} of them with operations of the API, {well} answered well"
    return f"{recording.file} shows no user, group, project or anything in one: {told}"


def _unknown(seen: list[Seen]) -> list[str]:
    paths = dict.fromkeys(str(one.exchange.request) for one in seen if one.operation is None)
    return [f"{path} is no operation of the API and taught nothing" for path in paths]


def _apis(recording: Recording) -> list[str]:
    paths = [path for _, path in recording.heads()]
    return [api for api in ("v4", "v3") if any(path.startswith(f"/api/{api}/") for path in paths)]


def _version(seen: list[Seen]) -> str:
    """Return the version that the recorded server said it was, else the one that its answers' headers or nothing."""
    told = (one.value for one in seen if one.path in ("version", "metadata") and one.well)
    version = next((value["version"] for value in told if isinstance(value, dict) and "version" in value), "")
    return str(version).partition("-")[0]


def _clock(seen: list[Seen], recording: Recording) -> str:
    """Return the time of the recorded server: by its headers, by what it made, or by what changed last."""
    dates = [date for one in seen if (date := header(one.exchange.response.headers, "date"))]
    if dates:
        return timestamp(parsedate_to_datetime(dates[0]))
    made = [one.value for one in seen if one.well and one.exchange.response.status == 201]
    for value in [*made, [one.value for one in seen if one.well]]:
        instants = [row[key] for row in objects_in(value) for key in ("created_at", "updated_at") if _instant(row, key)]
        if instants:
            return timestamp(max(map(parse_instant, instants)))
    return str(recording.meta.get("recorded_at") or "")


def _instant(row: dict[str, Any], key: str) -> bool:
    try:
        return isinstance(row.get(key), str) and bool(parse_instant(row[key]))
    except ValueError:
        return False
