from tests.support import WORLD, Api


def test_the_status_of_an_import_is_shown_to_members(api: Api) -> None:
    answer = api.get("projects/1/import", "gil")
    assert (answer.status, answer.json) == (
        200,
        {
            "id": 1,
            "description": None,
            "name": "rocket",
            "name_with_namespace": "acme / rocket",
            "path": "rocket",
            "path_with_namespace": "acme/rocket",
            "created_at": "2024-05-01T09:00:00.000Z",
            "import_status": "none",
            "import_type": None,
            "correlation_id": None,
            "failed_relations": [],
            "import_error": None,
            "stats": None,
        },
    )
    assert api.get("projects/1/import", "nora").status == 404
    assert api.get("projects/2/import", None).status == 401


def test_an_import_goes_on_by_the_settings() -> None:
    world = {**WORLD, "gitlab": {"transitions": {"imports": {"reads": 2}}}}
    api = Api(world)
    made = api.post("projects", name="x", import_url="https://example.com/x.git").json
    seen = [api.get(f"projects/{made['id']}/import").json["import_status"] for _ in range(3)]
    assert (made["import_status"], seen[0], seen[-1]) == ("scheduled", "scheduled", "finished")
