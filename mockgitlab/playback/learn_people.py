"""Who asked in a recording: the users behind its tokens."""

from collections.abc import Iterable
from typing import Any

from mockgitlab.playback.exchange import texts_of
from mockgitlab.playback.learn_reading import Seen, rows_of
from mockgitlab.playback.learn_records import Record, Records

RECORDER = "recorder"
ROOT: dict[str, Any] = {"username": "root", "name": "Administrator", "id": 1}


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
        ordinary = any(_is_ordinary(one) for one in self._seen if one.token == token)
        found = self._recorder() if ordinary else self._root()
        self.remarks.append(f"whose token {token} is was not recorded: it is {found.json['username']}'s here")
        return found

    def _recorder(self) -> Record:
        """Return a user made for who is no administrator, by what was answered."""
        return self._records.named("User", RECORDER) or self._records.add(
            "User", (), username=RECORDER, name="Recorder"
        )

    def _root(self) -> Record:
        found = self._records.named("User", "root") or self._records.add("User", (), **ROOT)
        found.json.setdefault("is_admin", True)
        return found

    def tokens(self) -> list[dict[str, Any]]:
        """Return the tokens as a scenario declares them."""
        return [self._token(token, user) for token, user in self.users.items()]

    def _token(self, token: str, user: Record) -> dict[str, Any]:
        of_itself = (one for one in self._seen if one.token == token and one.path == "personal_access_tokens/self")
        told = next((row for one in of_itself if one.well for row in rows_of(one.value)), {})
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


def _is_ordinary(seen: Seen) -> bool:
    """Tell whether an answer is one that administrators do not get: refused, with a role, with little of users."""
    if seen.exchange.response.status == 403:
        return True
    roles = [role for row in rows_of(seen.value, "permissions") for role in rows_of(list(_values(row["permissions"])))]
    return bool(roles) or (
        seen.path == "users" and any("is_admin" not in row for row in rows_of(seen.value, "username"))
    )


def _values(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else ()


def _itself(seen: Seen) -> dict[str, Any] | None:
    return seen.value if seen.path == "user" and isinstance(seen.value, dict) else None


def _author(seen: Seen) -> dict[str, Any] | None:
    made = seen.value if seen.exchange.request.method == "POST" and isinstance(seen.value, dict) else {}
    author = made.get("author")
    return author if isinstance(author, dict) else None
