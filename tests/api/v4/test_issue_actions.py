from typing import Any

import pytest

from tests.issue_world import issue_api, remarks, world
from tests.support import Answer, Api, names

ROCKET = "projects/1/issues"
pytestmark = pytest.mark.mockgitlab(scenario=world())


def write(api: Api, iid: int, body: str, as_: str = "bob") -> Answer:
    return api.post(f"{ROCKET}/{iid}/notes", as_, body=body)


def said(answer: Answer) -> tuple[dict[str, Any], str]:
    assert answer.status == 202, answer
    (summary,) = answer.json["summary"]
    return answer.json["commands_changes"], summary


def links(api: Api, iid: int) -> list[tuple[int, str]]:
    return [(one["iid"], one["link_type"]) for one in api.get(f"{ROCKET}/{iid}/links").json]


# Links


def test_issues_are_related_blocked_and_unlinked(api: Api) -> None:
    assert said(write(api, 1, "/relate #2 acme/rocket#3 #99")) == (
        {},
        "Added #2, acme/rocket#3, and #99 as a linked item related to this issue.",
    )
    assert links(api, 1) == [(2, "relates_to"), (3, "relates_to")]
    assert said(write(api, 1, "/unlink #2")) == ({}, "Removed linked item #2.")
    assert said(write(api, 1, "/unlink #2")) == ({}, "No linked issue matches the provided parameter.")
    assert said(write(api, 1, "/blocks #2")) == ({}, "Added #2 as a linked item blocked by this issue.")
    url = "http://localhost/acme/rocket/-/issues/4"
    assert said(write(api, 1, f"/blocked_by {url}")) == ({}, f"Added {url} as a linked item blocking this issue.")
    assert links(api, 1) == [(3, "relates_to"), (2, "blocks"), (4, "is_blocked_by")]
    assert remarks(api, 2)[-1] == "marked this issue as blocked by #1"


def test_what_cannot_be_linked_is_left_out_silently(api: Api) -> None:
    write(api, 1, "/relate #2")
    assert write(api, 1, "/relate #1 #2 open/source#1").status == 202
    assert links(api, 1) == [(2, "relates_to")]
    assert write(api, 2, "/relate #4", "gil").status == 202
    assert links(api, 2) == [(1, "relates_to")]


def test_the_community_edition_blocks_nothing() -> None:
    api = issue_api(gitlab={"edition": "ce"})
    assert said(write(api, 1, "/blocks #2")) == ({}, "Could not apply blocks command.")
    assert said(write(api, 1, "/health_status at_risk")) == ({}, "Could not apply health_status command.")


def test_a_duplicate_is_closed_related_and_remarked_on_both_sides(api: Api) -> None:
    answer = write(api, 2, "Same here\n/duplicate #1")
    assert (answer.status, answer.json["body"], answer.json["commands_changes"]) == (
        201,
        "Same here",
        {"canonical_issue_id": 10001},
    )
    issue = api.get(f"{ROCKET}/2").json
    assert (issue["state"], issue["_links"]["closed_as_duplicate_of"]) == (
        "closed",
        "http://localhost/api/v4/projects/1/issues/1",
    )
    assert remarks(api, 2) == ["marked this issue as a duplicate of #1", "marked this issue as related to #1"]
    assert remarks(api, 1) == ["marked #2 as a duplicate of this issue", "marked this issue as related to #2"]
    assert names(api.get(f"{ROCKET}/2/resource_state_events"), "state") == ["closed"]


def test_who_may_not_see_the_original_is_not_told_where_it_is(api: Api) -> None:
    assert said(write(api, 2, "/duplicate #4"))[1] == (
        "Closed this Issue. Marked as related to, and a duplicate of, http://localhost/acme/rocket/-/issues/4."
    )
    assert api.get(f"{ROCKET}/2", "gil").json["_links"]["closed_as_duplicate_of"] is None
    assert api.get(f"{ROCKET}/2", "rex").json["_links"]["closed_as_duplicate_of"] is not None


@pytest.mark.parametrize(
    ("iid", "body", "summary"),
    [
        (2, "/duplicate #99", "Failed to mark this Issue as a duplicate because referenced item was not found."),
        (2, "/duplicate #2", "Failed to mark the Issue as duplicate of itself."),
        (5, "/duplicate #5", "Failed to mark the Incident as duplicate of itself."),
    ],
)
def test_what_is_no_duplicate_is_told(api: Api, iid: int, body: str, summary: str) -> None:
    assert said(write(api, iid, body)) == ({}, summary)
    assert api.get(f"{ROCKET}/{iid}").json["state"] == "opened"


# Elsewhere


def test_an_issue_is_moved_after_its_other_changes(api: Api) -> None:
    assert said(write(api, 1, "/title Moved on\n/move open/source", "root")) == (
        {"title": "Moved on"},
        'Changed the title to "Moved on". Moved this item to open/source.',
    )
    assert (api.get(f"{ROCKET}/1").json["state"], api.get("projects/2/issues/3").json["title"]) == (
        "closed",
        "Moved on",
    )


def test_an_issue_is_cloned_with_or_without_its_notes(api: Api) -> None:
    write(api, 1, "On it")
    assert said(write(api, 1, "/clone")) == ({"clone_with_notes": False}, "Cloned this item to acme/rocket.")
    assert said(write(api, 1, "/clone acme/rocket --with_notes")) == (
        {"clone_with_notes": True},
        "Cloned this item to acme/rocket.",
    )
    counts = [api.get(f"{ROCKET}/{iid}").json["user_notes_count"] for iid in (6, 7)]
    assert counts == [0, 1]


@pytest.mark.parametrize(
    ("body", "summary"),
    [
        ("/move open/source", "Unable to move. Insufficient permissions."),
        ("/clone open/source", "Unable to clone. Insufficient permissions."),
        (
            "/move acme/nowhere",
            "Unable to move. Target project or group doesn't exist or doesn't support this item type.",
        ),
        (
            "/clone nowhere",
            "Unable to clone. Target project or group doesn't exist or doesn't support this item type.",
        ),
        ("/clone acme/rocket please", "Failed to clone this item: wrong parameters."),
    ],
)
def test_an_issue_goes_nowhere_that_it_may_not(api: Api, body: str, summary: str) -> None:
    assert said(write(api, 1, body)) == ({}, summary)


# Its own columns


def test_the_health_is_set_filtered_by_and_cleared(api: Api) -> None:
    assert said(write(api, 1, "/health_status At_Risk")) == (
        {"health_status": "at_risk"},
        "Set health status to at_risk.",
    )
    assert names(api.get(ROCKET, health_status="at_risk"), "iid") == [1]
    assert said(write(api, 1, "/clear_health_status")) == ({"health_status": None}, "Cleared health status.")
    assert remarks(api, 1) == ["changed health status to **at risk**", "removed health status **at risk**"]
    assert write(api, 1, "/health_status splendid").status == 400


def test_the_severity_of_an_incident_is_set(api: Api) -> None:
    assert said(write(api, 5, "/severity S1")) == ({}, "Severity updated to Critical.")
    assert (api.get(f"{ROCKET}/5").json["severity"], remarks(api, 5)) == (
        "CRITICAL",
        ["changed the severity to **Critical - S1**"],
    )
    assert said(write(api, 5, "/severity awful")) == ({}, "No severity matches the provided parameter")
    assert said(write(api, 1, "/severity S1")) == ({}, "Could not apply severity command.")


def test_an_issue_becomes_an_incident(api: Api) -> None:
    assert said(write(api, 1, "/promote_to_incident")) == ({}, "Issue has been promoted to incident")
    assert (api.get(f"{ROCKET}/1").json["issue_type"], remarks(api, 1)) == (
        "incident",
        ["changed type from issue to incident"],
    )


def test_labels_and_milestone_are_copied(api: Api) -> None:
    assert said(write(api, 2, "/copy_metadata #1")) == (
        {"add_label_ids": [1, 2], "milestone_id": 10002},
        "Copied labels and milestone from #1.",
    )
    assert write(api, 2, "/copy_metadata open/source#1").status == 400


@pytest.mark.parametrize("name", ["type", "publish", "add_contacts", "board_move", "page"])
def test_commands_that_need_what_is_not_there_are_not_applied(api: Api, name: str) -> None:
    assert said(write(api, 1, f"/{name} something")) == ({}, f"Could not apply {name} command.")


def test_faces_take_the_place_of_their_words(api: Api) -> None:
    shrug = "¯\\\uff3f(ツ)\uff3f/¯"
    answer = write(api, 1, "/shrug\n/tableflip!\n/tableflip it\nsee /shrug\n```\n/shrug\n```\n")
    assert answer.json["body"] == f"{shrug}\n/tableflip!\n(╯°□°)╯︵ ┻━┻ it\nsee /shrug\n```\n/shrug\n```"
