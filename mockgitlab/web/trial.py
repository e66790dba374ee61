"""Carrying out once more what a client did, with less: which role would have been enough.

The requests of a world's journal are answered again in a fork of the scenario in which a user has a lower role. What
turns out otherwise than it did, be it only that GitLab ignores a part of it, needs the higher one; what cannot be
repeated at all is left out and counted.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from mockgitlab.dsl import Definitions
from mockgitlab.report.changes import effect
from mockgitlab.report.journal import Journal
from mockgitlab.report.privileges import RoleNeed
from mockgitlab.report.record import Record
from mockgitlab.web.pipeline import Pipeline
from mockgitlab.web.request import Request
from mockgitlab.web.worlds import World, Worlds

TRIED_AT_MOST = 2_000
"""Of a longer journal the first so many requests are tried."""


class Repeated(Request):
    """A request of the journal, asked again."""

    def __init__(self, record: Record) -> None:
        headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in record.headers}
        path, _, query = record.target.partition("?")
        environ = {"REQUEST_METHOD": record.method, "REQUEST_URI": record.target, "QUERY_STRING": query}
        super().__init__({**headers, **environ, "PATH_INFO": path}, record.base)
        self._sent = {name: value for name, value in record.sent.items() if name not in record.path}

    def parameters(self, limit: int, upload: str = "") -> dict[str, Any]:
        """Return what the first request said."""
        return dict(self._sent)


class Trials:
    """Answers the requests of a journal again, in fresh forks of the scenario."""

    def __init__(self, worlds: Worlds, definitions: Definitions, pipeline: Pipeline, journal: Journal) -> None:
        self._worlds, self._standing = worlds, definitions.standing
        self._pipeline = Pipeline(definitions, pipeline.routes, lambda error: None)
        records = [entry.record for entry in journal if entry.record.operation and not entry.record.stub]
        self._records, self._left = records[:TRIED_AT_MOST], records[TRIED_AT_MOST:]

    def needed_roles(self) -> list[RoleNeed]:
        """Return for every user with a role the lowest with which all requests would have been answered the same."""
        if self._standing is None or not self._records:
            return []
        origin = self._worlds.scratch()
        users = {one.user.username: one.user.id for one in self._records if one.user is not None and _passed(one)}
        roles = {name: self._standing.of(origin.store, id) for name, id in users.items()}
        same = self._same(origin)
        return [self._need(name, users[name], role, same) for name, role in sorted(roles.items()) if role]

    def _need(self, name: str, user_id: int, role: str, same: Sequence[bool]) -> RoleNeed:
        assert self._standing is not None, "without roles nothing is tried"
        mine = [_passed(one) and one.user is not None and one.user.id == user_id for one in self._records]
        proven = [own and repeatable for own, repeatable in zip(mine, same, strict=True)]
        roles = self._standing.roles[: self._standing.roles.index(role) + 1]
        failed = cache(lambda rank: self._failed(user_id, roles[rank], proven))
        needed = bisect_left(range(len(roles) - 1), True, key=lambda rank: not failed(rank))
        left = sum(one.user is not None and one.user.id == user_id and _passed(one) for one in self._left)
        unproven = sum(mine) - sum(proven) + left
        if needed == 0:
            return RoleNeed(name, role, roles[0], unproven=unproven)
        return RoleNeed(name, role, roles[needed], roles[needed - 1], failed(needed - 1), unproven, needed)

    def _failed(self, user_id: int, role: str, proven: Sequence[bool]) -> dict[str, int]:
        """Return the operations that a user was refused with a role, and how often."""
        assert self._standing is not None, "without roles nothing is tried"
        world = self._worlds.scratch()
        self._standing.limit(world.store, user_id, role)
        tried = zip(self._records, proven, self._same(world), strict=True)
        return dict(Counter(one.operation.key for one, counts, same in tried if counts and not same))

    def _same(self, world: World) -> list[bool]:
        """Tell of every request whether a world answers it with the status that it had, and writes what it wrote."""
        found = []
        for record in self._records:
            if world.store.clock.now != record.now:
                world.store.set_clock(record.now)
                self._settle(world)
            request = Repeated(record)
            same = self._pipeline.answer(request, world).status == record.status
            written = request.changes[: len(record.changes)]
            found.append(same and effect(written) == effect(record.changes))
        return found

    def _settle(self, world: World) -> None:
        background = self._pipeline.definitions.background
        if background is not None:
            background.settle(world.store)


def _passed(record: Record) -> bool:
    return 0 < record.status < 400
