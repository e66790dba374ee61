from mockgitlab.api.markdown import (
    Reference,
    closing_references,
    issue_references,
    mentioned_names,
    merge_request_references,
    qualified,
    tasks,
)


def test_task_list_items_are_found_outside_code() -> None:
    text = "- [ ] one\n* [x] two\n1. [X] three\n```\n- [ ] code\n```\n- [~] no\n  + [x] four"
    assert tasks(text) == [("one", False), ("two", True), ("three", True), ("four", True)]


def test_a_text_without_boxes_has_no_tasks() -> None:
    assert tasks(None) == []
    assert tasks("[x] no list") == []


def test_mentions_are_found_outside_code_and_addresses() -> None:
    assert mentioned_names("@ada, cc @acme/labs. a@b.c `@gil` @ada") == ["ada", "acme/labs"]


def test_references_to_issues_name_their_project_or_none() -> None:
    text = "see #3, acme/rocket#4 and other#5 (#6), not http://x/y#7 nor `#8`; #3 again"
    assert issue_references(text) == [
        Reference("", 3),
        Reference("acme/rocket", 4),
        Reference("other", 5),
        Reference("", 6),
    ]


def test_a_text_taken_elsewhere_names_its_own_project() -> None:
    assert qualified("see #3 and acme/x#4", "acme/rocket") == "see acme/rocket#3 and acme/x#4"
    assert qualified(None, "acme/rocket") is None


def test_addresses_refer_to_issues_and_merge_requests_too() -> None:
    text = (
        "http://localhost/acme/rocket/-/issues/3#note_4, https://gitlab.com/@mine/a/b/c/-/work_items/5 and #1,"
        " not `http://localhost/acme/rocket/-/issues/9`"
    )
    assert issue_references(text) == [Reference("acme/rocket", 3), Reference("a/b/c", 5), Reference("", 1)]
    assert merge_request_references("http://localhost/a/b/-/merge_requests/7/diffs !2") == [
        Reference("a/b", 7),
        Reference("", 2),
    ]
    assert closing_references("Closes http://localhost/@mine/a/b/-/issues/7") == [Reference("a/b", 7)]
