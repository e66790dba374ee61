from mockgitlab.api.models.daily_fetches import count_fetch
from mockgitlab.store import parse_duration
from tests.support import Api


def test_the_fetches_of_the_last_thirty_days_are_counted_by_day(api: Api) -> None:
    with api.store.transaction():
        count_fetch(api.store, 1)
    api.store.advance_clock(parse_duration("2d"))
    with api.store.transaction():
        count_fetch(api.store, 1)
        count_fetch(api.store, 1)
    days = [{"count": 2, "date": "2024-05-03"}, {"count": 1, "date": "2024-05-01"}]
    assert api.get("projects/1/statistics", "ada").json == {"fetches": {"total": 3, "days": days}}
    api.store.advance_clock(parse_duration("30d"))
    assert api.get("projects/1/statistics", "ada").json == {"fetches": {"total": 2, "days": days[:1]}}
    assert api.get("projects/1/statistics", "bob").status == 403
    assert api.get("projects/1/statistics", "nora").status == 404
