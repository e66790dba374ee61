"""Who asked in a recording: the users behind its tokens, and what they must be members of to have been answered so."""

from collections.abc import Iterable
from typing import Any

from mockgitlab.playback.exchange import texts_of
from mockgitlab.playback.learn_reading import READS, Seen
from mockgitlab.playback.learn_records import Record, Records

ROOT: dict[str, Any] = {"username": "root", "name": "Administrator", "id": 1}
WRITER, READER = "maintainer", "reporter"


class People:
    """The users of a recording's tokens; ``remarks`` says what was assumed of them."""

    def __init__(self, seen: list[Seen], records: Records) -> None:
        self._seen, self._records = seen, records
        self.remarks: list[str] = []
        self._minted = _minted(seen)
        tokens = dict.fromkeys(one.token for one in seen if one.token and one.well)
        self.users = {token: self._user(token) for token in tokens if token not in self._minted}

    def _user(self, token: str) -> Record:
        mine = [one for one in self._seen if one.token == token and one.well and not _as_another(one)]
        for find in (_itself, _author):
            for one in filter(None, map(find, mine)):
                found = self._records.named("User", str(one.get("id")))
                if found is not None:
                    return found
        self.remarks.append(f"whose token {token} is was not recorded: it is root's here")
        return self._root()

    def _root(self) -> Record:
        found = self._records.named("User", "root") or self._records.add("User", (), **ROOT)
        found.json.setdefault("is_admin", True)
        return found

    def tokens(self) -> list[dict[str, Any]]:
        """Return the tokens as a scenario declares them."""
        return [self._token(token, user) for token, user in self.users.items()]

    def _token(self, token: str, user: Record) -> dict[str, Any]:
        of_itself = (one for one in self._seen if one.token == token and one.path == "personal_access_tokens/self")
        told = next((one.value for one in of_itself if one.well and isinstance(one.value, dict)), {})
        usual = ["api", "sudo"] if user.json.get("is_admin") else ["api"]
        known = {key: told[key] for key in ("id", "name", "expires_at", "created_at") if told.get(key) is not None}
        return {"token": token, "user": user.json["username"], **known, "scopes": told.get("scopes") or usual}

    def place(self) -> None:
        """Say of what belongs to the one who asked to whom that is."""
        for record in self._records:
            whose = record.at[0][1] if record.at and record.at[0][0] == "User" else ""
            user = self.users.get(whose.removeprefix("token "))
            if user is not None:
                record.at = (("User", str(user.json["username"])),)

    # Members

    def note_members(self) -> None:
        """Make members of those who were listed, then of those who could not have been answered otherwise."""
        listed = [one for one in self._seen if one.well and one.exchange.request.method in READS]
        listed = [one for one in listed if "/members" in one.path]
        own = {one.chain[:1] for one in listed if one.path.endswith("/members")}
        for one in sorted(listed, key=lambda one: "/all" in one.path):
            self._listed(one, elsewhere="/all" in one.path and one.chain[:1] in own)
        for one in self._seen:
            if one.well and one.token in self.users:
                self._permitted(one)
        for one in self._seen:
            if one.well and one.token in self.users and one.chain[:1]:
                self._assumed(one)

    def _listed(self, seen: Seen, *, elsewhere: bool) -> None:
        """Take in members; who is listed with all and not with the place's own comes from a group it is shared with."""
        place = self._records.find(seen.chain[:1])
        shares = (place.json.get("shared_with_groups") or [{}]) if place else [{}]
        shared = self._records.named("Group", str(shares[0].get("group_full_path")))
        for row in seen.value if isinstance(seen.value, list) else [seen.value]:
            if place is not None and isinstance(row, dict) and "access_level" in row:
                inherited = "/all" in seen.path and _is_member(self._records, place, row["username"])
                expiry = {"expires_at": row["expires_at"]} if row.get("expires_at") else {}
                known = _is_member(self._records, place, row["username"])
                if not elsewhere and not inherited:
                    _join(place, row["username"], row["access_level"], **expiry)
                elif elsewhere and shared is not None and not known:
                    _join(shared, row["username"], row["access_level"], **expiry)

    def _permitted(self, seen: Seen) -> None:
        """Take the roles of the one who asked, as projects show them."""
        for row in seen.value if isinstance(seen.value, list) else [seen.value]:
            permissions = row.get("permissions") if isinstance(row, dict) else None
            project = self._records.named("Project", str(row.get("id"))) if permissions else None
            if project is None or not isinstance(permissions, dict):
                continue
            group = self._records.named("Group", project.json["path_with_namespace"].rpartition("/")[0])
            for key, place in (("group_access", group), ("project_access", project)):
                level = (permissions.get(key) or {}).get("access_level")
                if place is not None and level:
                    self._join_once(place, seen.token, level)

    def _join_once(self, place: Record, token: str, level: Any) -> None:
        user = self.users[token].json
        own = place.json.get("path_with_namespace", "").startswith(f"{user['username']}/")
        if not own and not _is_member(self._records, place, user["username"]):
            _join(place, user["username"], level)

    def _assumed(self, seen: Seen) -> None:
        user, place = self.users[seen.token].json, self._records.find(seen.chain[:1])
        if place is None or place.kind not in ("Project", "Group") or user.get("is_admin"):
            return
        writes = seen.exchange.request.method not in READS
        if not writes and place.json.get("visibility") == "public":
            return
        path = place.json.get("path_with_namespace") or place.json["full_path"]
        before = len(place.extras.get("members", ()))
        self._join_once(place, seen.token, WRITER if self._writes(seen.token, place) else READER)
        if len(place.extras.get("members", ())) > before:
            role = place.extras["members"][-1]["access"]
            self.remarks.append(f"{user['username']} was answered in {path}: taken for a {role}")

    def _writes(self, token: str, place: Record) -> bool:
        mine = (one for one in self._seen if one.token == token and one.exchange.request.method not in READS)
        return any(one.well and self._records.find(one.chain[:1]) is place for one in mine)


def _join(place: Record, username: str, access: Any, **more: Any) -> None:
    members = place.extras.setdefault("members", [])
    if username not in (one["user"] for one in members):
        members.append({"user": username, "access": access, **more})


def _is_member(records: Records, place: Record, username: str) -> bool:
    """Tell whether a user is a member of a project or group, or of a group above."""
    path = str(place.json.get("path_with_namespace") or place.json.get("full_path"))
    above = [place]
    while "/" in path:
        path = path.rpartition("/")[0]
        found = records.named("Group", path)
        above += [found] if found else []
    return any(username == one["user"] for group in above for one in group.extras.get("members", ()))


def _minted(seen: Iterable[Seen]) -> set[str]:
    """Return the tokens that an answer told before they were used."""
    told: set[str] = set()
    minted: set[str] = set()
    for one in seen:
        if one.token in told:
            minted.add(one.token)
        told.update(texts_of(one.value))
    return minted


def _as_another(seen: Seen) -> bool:
    sent = seen.exchange.request
    return any(key.lower() == "sudo" for key, _ in (*sent.headers, *sent.query))


def _itself(seen: Seen) -> dict[str, Any] | None:
    return seen.value if seen.path == "user" and isinstance(seen.value, dict) else None


def _author(seen: Seen) -> dict[str, Any] | None:
    made = seen.value if seen.exchange.request.method == "POST" and isinstance(seen.value, dict) else {}
    author = made.get("author")
    return author if isinstance(author, dict) else None
