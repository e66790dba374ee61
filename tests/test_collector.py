import gc
import weakref

import pytest

from mockgitlab import collector


class Thing:
    itself: "Thing"


def test_nothing_is_collected_while_the_collector_is_paused() -> None:
    with collector.paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_pause_within_a_pause_ends_with_the_outer_one() -> None:
    with collector.paused():
        with collector.paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_pause_ends_where_something_fails() -> None:
    with pytest.raises(ValueError, match="no"), collector.paused():
        raise ValueError("no")
    assert gc.isenabled()


def test_who_has_switched_the_collector_off_finds_it_off() -> None:
    gc.disable()
    try:
        with collector.paused():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def circle() -> weakref.ref[Thing]:
    """Leave garbage that only the collector finds, and return what tells whether it did."""
    thing = Thing()
    thing.itself = thing
    return weakref.ref(thing)


def test_garbage_of_the_pause_is_collected_later_on() -> None:
    with collector.paused():
        gone = circle()
    gc.collect()
    assert gone() is None


def test_a_process_that_serves_takes_what_it_has_for_lasting_and_collects_later_garbage_still() -> None:
    before = gc.get_threshold()
    try:
        collector.settle()
        assert (gc.get_freeze_count() > 0, gc.get_threshold()[0]) == (True, collector.SELDOM)
        gone = circle()
        gc.collect()
        assert gone() is None
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
