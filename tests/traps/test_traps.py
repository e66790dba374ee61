"""The table of traps: complete, told, and usable by name."""

from mockgitlab.server import MockGitLab
from mockgitlab.traps import TRAPS
from tests.support import WORLD


def test_every_trap_says_what_gitlab_does_and_what_breaks_by_it() -> None:
    assert [name for name, trap in TRAPS.items() if not (trap.told and trap.why and trap.name == name)] == []


def test_every_trap_that_waits_for_nothing_can_be_set_and_taken_away() -> None:
    for name, trap in TRAPS.items():
        if not trap.waits_for:
            server = MockGitLab(WORLD, traps=[name])
            assert server.traps == [name]
            assert server.world.traps.clear() == 1


def test_every_trap_does_something_or_waits() -> None:
    def does(name: str) -> bool:
        trap, store = TRAPS[name], MockGitLab(WORLD).store
        return bool(
            trap.settings or trap.change or trap.reroute or trap.reshape or trap.late or list(trap.faults(store))
        )

    assert [name for name, trap in TRAPS.items() if does(name) == bool(trap.waits_for)] == []
