"""The members that a recording shows: by lists, by the permissions of who asked, and by what was answered to whom."""

from collections.abc import Mapping
from typing import Any

from mockgitlab.playback.learn_reading import READS, Seen, rows_of
from mockgitlab.playback.learn_records import Key, Record, Records

WRITER, READER = "maintainer", "reporter"
"""What those are taken for who wrote or read where only members may."""


class Members:
    """Makes members of projects and groups; ``users`` are those behind tokens, ``remarks`` says what was assumed."""

    def __init__(self, seen: list[Seen], records: Records, users: Mapping[str, Record]) -> None:
        self._seen = [one for one in seen if one.well and one.operation is not None]
        self._records, self._users = records, users
        self._writers = {key for one in self._seen if one.exchange.request.method not in READS for key in self._at(one)}
        self.remarks: list[str] = []

    def _at(self, seen: Seen) -> list[tuple[str, Key]]:
        place = self._records.find(seen.chain[:1])
        return [(seen.token, place.key)] if place is not None else []

    def note(self) -> None:
        """Make members of those who were listed, then of those who could not have been answered otherwise."""
        listed = [one for one in self._seen if "/members" in one.path and one.exchange.request.method in READS]
        own = {one.chain[:1] for one in listed if one.path.endswith("/members")}
        for one in listed:
            if "/all" not in one.path:
                self._take_own(one)
        asked = [one for one in self._seen if one.token in self._users]
        for one in asked:
            self._permitted(one)
        for one in listed:
            if "/all" in one.path:
                self._take_all(one, elsewhere=one.chain[:1] in own)
        for one in asked:
            self._assumed(one)

    def _take_own(self, seen: Seen) -> None:
        place = self._records.find(seen.chain[:1])
        for row in self._members(seen) if place else ():
            _join(place, row)

    def _members(self, seen: Seen) -> list[dict[str, Any]]:
        """Return the members in an answer, without those whom the session made."""
        rows = rows_of(seen.value, "username", "access_level")
        return [row for row in rows if self._records.named("User", row["username"]) is not None]

    def _take_all(self, seen: Seen, *, elsewhere: bool) -> None:
        """Take in members of any origin; who is not the place's own comes from a group that it is shared with."""
        place = self._records.find(seen.chain[:1])
        shares = rows_of(place.json.get("shared_with_groups"), "group_full_path") if place else []
        shared = self._records.named("Group", shares[0]["group_full_path"]) if shares else None
        for row in self._members(seen) if place else ():
            if not self._is_member(place, row["username"]):
                _join(shared if elsewhere else place, row)

    def _permitted(self, seen: Seen) -> None:
        """Take the roles of the one who asked, as projects show them."""
        username = self._users[seen.token].json["username"]
        for row in rows_of(seen.value, "id", "permissions"):
            project = self._records.named("Project", str(row["id"]))
            if project is None or not isinstance(row["permissions"], dict):
                continue
            group = self._records.named("Group", project.json["path_with_namespace"].rpartition("/")[0])
            for key, place in (("group_access", group), ("project_access", project)):
                for role in rows_of(row["permissions"].get(key), "access_level"):
                    known = key == "group_access" and place is not None and self._is_member(place, username)
                    if not known and not _is_own(place, username):
                        _join(place, {"username": username, "access_level": role["access_level"]})

    def _assumed(self, seen: Seen) -> None:
        """Make a member of who was answered where only members are, for want of anything better known."""
        user, place = self._users[seen.token].json, self._records.find(seen.chain[:1])
        if place is None or place.kind not in ("Project", "Group") or user.get("is_admin"):
            return
        reads = seen.exchange.request.method in READS and place.json.get("visibility") == "public"
        if reads or _is_own(place, user["username"]) or self._is_member(place, user["username"]):
            return
        role = WRITER if (seen.token, place.key) in self._writers else READER
        _join(place, {"username": user["username"], "access_level": role})
        self.remarks.append(f"{user['username']} was answered in {_path(place)}: taken for a {role}")

    def _is_member(self, place: Record | None, username: str) -> bool:
        """Tell whether a user is a member of a project or group, or of a group above."""
        path = _path(place) if place else ""
        above = [place]
        while "/" in path:
            path = path.rpartition("/")[0]
            above.append(self._records.named("Group", path))
        return any(username == one["user"] for group in above if group for one in group.extras.get("members", ()))


def _path(place: Record) -> str:
    return str(place.json.get("path_with_namespace") or place.json.get("full_path"))


def _is_own(place: Record | None, username: str) -> bool:
    return place is not None and _path(place).startswith(f"{username}/")


def _join(place: Record | None, row: Mapping[str, Any]) -> None:
    members = place.extras.setdefault("members", []) if place is not None else []
    if row["username"] not in (one["user"] for one in members):
        expiry = {"expires_at": row["expires_at"]} if isinstance(row.get("expires_at"), str) else {}
        members.append({"user": row["username"], "access": row["access_level"], **expiry})
