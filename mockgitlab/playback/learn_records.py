"""The records that a recording shows, each as it was when it was first seen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mockgitlab.playback.learn_reading import READS, Chain, Kinds, Seen, cleaned, objects_in, rows_of, sign_of

Key = tuple[str, Any]
"""A kind and what tells its records apart."""
OF_THE_CALLER = ("user/keys", "user/gpg_keys", "user/emails", "user/keys/:key_id", "user/gpg_keys/:key_id")
MAKERS = ("discussions", "fork", "move", "clone", "access_tokens")
"""The last words of the paths to which a POST makes a record, besides the names of collections."""
NEEDED = {
    "User": ("username",),
    "Group": ("full_path",),
    "Project": ("path_with_namespace",),
    "Issue": ("iid", "project_id"),
    "MergeRequest": ("iid", "project_id", "source_branch", "target_branch"),
    "Epic": ("iid", "group_id", "title"),
    "WikiPage": ("slug", "title"),
    "Label": ("name",),
}
"""What a record must have been seen with to be kept."""
NAMED = {"WikiPage": "slug", "Release": "tag_name", "ProtectedTag": "name"}
"""What tells records without an id apart, within what they are of."""
COUNTED = {"Issue": "project_id", "MergeRequest": "project_id", "Epic": "group_id"}
"""What paths name by an ``iid``, and within what that counts."""
NATURAL = ("path_with_namespace", "full_path", "username", "tag_name")
"""The names in paths, besides ids."""
USER_BASIC = ("id", "username", "name", "state", "locked", "avatar_url", "web_url", "public_email")
"""What is a user's own where one stands for a member, an author, a starrer."""
HOMES = {"Key": ("User", "keys")}
"""Below what alone records of a kind are kept, and how the paths end that show them; others stand elsewhere."""
NOT_KEPT = ("Token", "Event", "Todo", "Upload", "Pipeline", "CommitStatus", "Approval")
"""What scenarios hold otherwise than answers show it."""


@dataclass
class Record:
    """A record: its JSON as far as it was seen, and where it is."""

    kind: str
    key: Key
    json: dict[str, Any]
    at: Chain = ()
    number: int = 0
    extras: dict[str, Any] = field(default_factory=dict)


class Records:
    """All records of a recording by key; ``made`` are the keys of those that the recorded session made itself."""

    def __init__(self, kinds: Kinds) -> None:
        self._kinds = kinds
        self._all: dict[Key, Record] = {}
        self._by_kind: dict[str, list[Record]] = {}
        self._names: dict[tuple[str, str], Record] = {}
        self.made: set[Key] = set()

    def learn(self, seen: Iterable[Seen]) -> None:
        """Take in what the answers show: of every field what was seen first, nothing of what the session made."""
        for one in seen:
            if one.well and isinstance(one.value, (dict, list)) and one.exchange.request.method != "DELETE":
                self._take(one)

    def _take(self, seen: Seen) -> None:
        kind = self._kinds.of(seen)
        for row in _rows(seen.value):
            own = kind or sign_of(row)
            if own and seen.exchange.request.method == "POST" and self._makes(seen, own):
                self.made.add(self._key(own, cleaned(row), self._at(own, row, seen)))
                self.made |= {("User", one["user_id"]) for one in rows_of(row, "user_id") if own == "Token"}
            elif own:
                self._add(own, row, seen)
        self._take_within(seen, kind)

    def _makes(self, seen: Seen, kind: str) -> bool:
        names = {one.name for one in self._kinds.collections.get(kind, ())}
        return not seen.ends_in_one and seen.last_word in {*names, *MAKERS}

    def _take_within(self, seen: Seen, kind: str) -> None:
        """Take in the records within others: authors, milestones, namespaces."""
        outer = {id(row) for row in _rows(seen.value)} if kind else set()
        for row in objects_in(seen.value):
            if id(row) not in outer and (own := sign_of(row)):
                self._add(own, row, seen, within=True)

    def _add(self, kind: str, row: dict[str, Any], seen: Seen, *, within: bool = False) -> None:
        row = cleaned(row)
        if any(key not in row for key in NEEDED.get(kind, ())):
            return
        if kind in NOT_KEPT or (kind == "Group" and row.get("kind") == "user"):
            return
        at = self._at(kind, row, seen)
        key = self._key(kind, row, at)
        if key in self.made or key[1] in (None, (at, None)) or not self._is_placed(kind, at, seen.last_word):
            return
        if within and seen.exchange.request.method not in READS and kind not in ("User", "Group", "Milestone"):
            return
        if kind == "User" and (within or self._kinds.of(seen) != kind):
            row = {name: row[name] for name in USER_BASIC if name in row}
        record = self._keep(Record(kind, key, {}, at, seen.number))
        record.json = {**row, **record.json}
        self._name(record)
        if kind == "Label" and at[0][0] == "Group":
            record.at = at

    def _keep(self, record: Record) -> Record:
        """Return the record of a key, this one if there is none yet."""
        if record.key not in self._all:
            self._all[record.key] = record
            self._by_kind.setdefault(record.kind, []).append(record)
        return self._all[record.key]

    def _name(self, record: Record) -> None:
        """Remember by which names a record is found."""
        names = [f"{record.json[key]}".lower() for key in NATURAL if record.json.get(key)]
        if record.kind in COUNTED:
            names = [f"{record.json[COUNTED[record.kind]]} {record.json['iid']}"]
        for name in names:
            self._names.setdefault((record.kind, name), record)

    def _is_placed(self, kind: str, at: Chain, last_word: str) -> bool:
        if kind in HOMES and last_word != HOMES[kind][1]:
            return False
        return None in self._owners(kind) or bool(at)

    def _key(self, kind: str, row: dict[str, Any], at: Chain) -> Key:
        name = NAMED.get(kind)
        return kind, (at, row.get(name)) if name else row.get("id")

    def _owners(self, kind: str) -> set[str | None]:
        if kind in HOMES:
            return {HOMES[kind][0]}
        return {parent.__name__ if parent else None for one in self._kinds.collections[kind] for parent in one.under}

    def _at(self, kind: str, row: dict[str, Any], seen: Seen) -> Chain:
        """Return to what a record belongs: by its own fields, or else by the path."""
        owners = self._owners(kind) if kind in self._kinds.collections else set()
        if owners <= {None, "Group"} and kind in ("Project", "Group"):
            return ()
        for name, owner in (("project_id", "Project"), ("group_id", "Group")):
            if owner in owners and isinstance(row.get(name), int):
                return ((owner, str(row[name])),)
        if None in owners and "project_id" in row:
            return ()
        if seen.path in OF_THE_CALLER:
            return (("User", f"token {seen.token}"),)
        chain = seen.chain[:-1] if seen.chain and seen.chain[-1][0] == kind and seen.ends_in_one else seen.chain
        while chain and chain[-1][0] not in owners:
            chain = chain[:-1]
        return chain

    # Finding

    def __iter__(self) -> Iterator[Record]:
        return iter(self._all.values())

    def of(self, kind: str) -> list[Record]:
        """Return the records of a kind, those with the lowest ids first."""
        return sorted(self._by_kind.get(kind, ()), key=rank)

    def add(self, kind: str, at: Chain = (), **json: Any) -> Record:
        """Add a record that was not seen itself, with an id above all that were."""
        ids = [one.json.get("id") or 0 for one in self._by_kind.get(kind, ())]
        ids += [key[1] for key in self.made if key[0] == kind and isinstance(key[1], int)]
        json.setdefault("id", max(ids, default=0) + 1)
        key = (kind, json["id"])
        record = self._keep(Record(kind, key, json, at))
        self._name(record)
        return record

    def drop(self, record: Record) -> None:
        """Forget a record."""
        del self._all[record.key]
        self._by_kind[record.kind].remove(record)

    def find(self, chain: Chain) -> Record | None:
        """Return the record that a path names, if it was seen."""
        found: Record | None = None
        for kind, name in chain:
            if name.startswith("id "):
                found = self.named(kind, name[3:])
            elif found is not None and kind in COUNTED:
                found = self._names.get((kind, f"{found.json.get('id')} {name}"))
            else:
                found = self.named(kind, name)
            if found is None:
                return None
        return found

    def named(self, kind: str, name: str) -> Record | None:
        """Return a record by its id, or by its natural name in any case."""
        if name.isascii() and name.isdigit():
            return self._all.get((kind, int(name)))
        return self._names.get((kind, name.lower()))


def _rows(value: Any) -> list[dict[str, Any]]:
    """Return the records of an answer; the notes of discussions for these."""
    listed = value if isinstance(value, list) else [value]
    rows = [row for row in listed if isinstance(row, dict)]
    return [one for row in rows for one in (_of_discussion(row) if "individual_note" in row else [row])]


def _of_discussion(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"discussion_id": row.get("id"), **note} for note in rows_of(row.get("notes"))]


def rank(record: Record) -> tuple[int, int, str]:
    """Return the place of a record among its kind: by its id, a group after those around it."""
    id = record.json.get("id")
    if record.kind == "Group":
        return str(record.json.get("full_path")).count("/"), id or 0, ""
    return (0, id, "") if isinstance(id, int) else (1, record.number, str(record.key))
