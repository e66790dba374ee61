from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.token import Token
from mockgitlab.report.changes import describe, effect
from mockgitlab.store import Row

ISSUE = Issue(id=10_003, iid=3, title="It explodes", state="opened", updated_at="a")


def test_a_changed_record_is_told_by_what_changed() -> None:
    closed = ISSUE.replaced({"state": "closed", "closed_at": "2024-05-01T09:00:00.000Z", "updated_at": "b"})
    assert describe([(ISSUE, closed)]) == ["issue 3: state opened → closed, closed_at null → 2024-05-01T09:00:00.000Z"]


def test_records_come_and_go() -> None:
    assert describe([(None, ISSUE), (ISSUE, None)]) == ['issue 3: created "It explodes"', "issue 3: deleted"]


def test_what_changes_by_mere_use_is_not_told() -> None:
    token = Token(id=1, name="bot", value="secret")
    assert describe([(token, token.replaced({"last_used_at": "now", "last_used_ips": ("::1",)}))]) == []


def test_secrets_are_hidden_and_long_texts_cut() -> None:
    token = Token(id=1, name="bot", value="secret")
    assert describe([(token, token.replaced({"value": "other"}))]) == ["token 1: value *** → ***"]
    [line] = describe([(ISSUE, ISSUE.replaced({"title": "x " * 100}))])
    assert line.endswith("x x…")


def test_a_row_that_is_no_entity_is_told_by_its_class() -> None:
    class ApprovalRule(Row):
        data = b""

    rule = ApprovalRule(id=4, data=b"123")
    assert describe([(rule, rule.replaced({"data": b"12345"}))]) == ["approval rule 4: data 3 bytes → 5 bytes"]


def test_two_effects_are_the_same_whatever_ids_and_dates_of_use_they_have() -> None:
    other = ISSUE.replaced({"id": 7, "updated_at": "b", "ip_address": "::1"})
    assert effect([(None, ISSUE), (ISSUE, other)]) == effect([(None, other)])
    assert effect([(None, ISSUE)]) != effect([(None, ISSUE.replaced({"title": "It smokes"}))])
    assert effect([(ISSUE, None)]) == [("Issue", None)]
