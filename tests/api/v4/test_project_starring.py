from tests.support import Api, names


def test_a_star_counts_once(api: Api) -> None:
    first, again = api.post("projects/2/star", "nora"), api.post("projects/2/star", "nora")
    assert (first.status, first.json["star_count"]) == (201, 1)
    assert (again.status, again.text) == (304, "")
    assert api.post("projects/2/star", "bob").json["star_count"] == 2


def test_a_star_is_taken_back_once(api: Api) -> None:
    api.post("projects/2/star", "nora")
    first, again = api.post("projects/2/unstar", "nora"), api.post("projects/2/unstar", "nora")
    assert (first.status, first.json["star_count"]) == (201, 0)
    assert (again.status, again.text) == (304, "")


def test_stars_are_for_users_who_see_the_project(api: Api) -> None:
    for verb in ("star", "unstar"):
        assert api.post(f"projects/2/{verb}", None).json == {"message": "401 Unauthorized"}
        assert api.post(f"projects/1/{verb}", "nora").json == {"message": "404 Project Not Found"}


def test_starrers_are_listed_with_the_moment(api: Api) -> None:
    api.post("projects/2/star", "nora")
    api.server.store.set_clock("2024-06-01T09:00:00Z")
    api.post("projects/2/star", "bob")
    found = api.get("projects/2/starrers", None).json
    assert [(one["starred_since"], one["user"]["username"]) for one in found] == [
        ("2024-05-01T09:00:00.000Z", "nora"),
        ("2024-06-01T09:00:00.000Z", "bob"),
    ]
    assert list(found[0]["user"])[:4] == ["id", "username", "public_email", "name"]
    assert len(api.get("projects/2/starrers", "ada", search="kahn").json) == 1
    assert api.get("projects/2/starrers", "ada", search="nobody kahn").json == []


def test_starring_does_not_touch_the_project(api: Api) -> None:
    before = api.get("projects/2").json["updated_at"]
    api.server.store.set_clock("2024-06-01T09:00:00Z")
    api.post("projects/2/star", "nora")
    assert api.get("projects/2").json["updated_at"] == before


def test_starred_projects_are_filtered(api: Api) -> None:
    api.post("projects/2/star", "nora")
    assert names(api.get("projects", "nora", starred=True), "id") == [2]
    assert names(api.get("users/6/starred_projects", "ada"), "id") == [2]
