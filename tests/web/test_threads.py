"""Many clients at once: every request is carried out as if it were alone."""

import threading
from collections.abc import Callable

from tests.web.zoo import Zoo


def at_once(count: int, do: Callable[[int], None]) -> None:
    """Run a function in many threads that start together; what one raises is raised here."""
    gate, failures = threading.Barrier(count), []

    def run(number: int) -> None:
        gate.wait()
        try:
            do(number)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_records_made_at_once_have_numbers_without_gaps() -> None:
    zoo = Zoo(0)
    iids: list[int] = []

    def create(number: int) -> None:
        for _ in range(3):
            iids.append(zoo.post("keepers/1/animals", json={"name": f"number {number}"}).json["iid"])

    at_once(64, create)
    assert sorted(iids) == list(range(1, 193))
    assert zoo.get("keepers/1/animals").headers["X-Total"] == "192"


def test_failing_writes_take_back_nothing_of_others() -> None:
    zoo = Zoo(0)

    def write(number: int) -> None:
        if number % 2:
            assert zoo.post("break").status_code == 500
        else:
            assert zoo.post("keepers/1/animals", json={"name": f"number {number}"}).status_code == 201

    at_once(32, write)
    made = zoo.get("keepers/1/animals?per_page=100").json
    assert sorted(one["name"] for one in made) == sorted(f"number {number}" for number in range(0, 32, 2))
    assert sorted(one["iid"] for one in made) == list(range(1, 17))


def test_a_reader_sees_its_own_write_at_once() -> None:
    zoo = Zoo(16)

    def rename(number: int) -> None:
        path = f"keepers/1/animals/{number + 1}"
        for turn in range(10):
            zoo.call("PUT", path, "ada", json={"name": f"{number} {turn}"})
            assert zoo.get(path).json["name"] == f"{number} {turn}"

    at_once(16, rename)


def test_sandboxes_asked_at_once_answer_each_for_itself() -> None:
    zoo = Zoo(50)

    def use(number: int) -> None:
        prefix = f"/@box{number}/api/v4/keepers/1/animals"
        for turn in range(5):
            zoo.post(prefix, json={"name": f"{number} {turn}"})
            found = zoo.get(f"{prefix}?search={number}+{turn}").json
            assert f"{number} {turn}" in [one["name"] for one in found]
        assert zoo.get(prefix).headers["X-Total"] == "55"

    at_once(16, use)
