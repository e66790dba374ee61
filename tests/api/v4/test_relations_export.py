import gzip
import json
from typing import Any

import pytest

from mockgitlab.api.v4.relations_export import OF_GROUPS, OF_PROJECTS
from tests.support import WORLD, Api, seen

SCENARIO: dict[str, Any] = {
    **WORLD,
    "gitlab": {"settings": {"bulk_import_enabled": True}},
    "projects": [{"path": "acme/rocket", "labels": [{"name": "bug", "color": "#d9534f"}]}, *WORLD["projects"][1:]],
}
pytestmark = pytest.mark.mockgitlab(scenario=SCENARIO)
PLACES = [("projects/1", OF_PROJECTS), ("groups/1", OF_GROUPS)]
FORBIDDEN = (403, {"message": "403 Forbidden"})


@pytest.mark.parametrize(("at", "relations"), PLACES)
def test_every_relation_is_exported(api: Api, at: str, relations: tuple[str, ...]) -> None:
    assert seen(api.get(f"{at}/export_relations/status", "ada")) == (200, [])
    assert seen(api.post(f"{at}/export_relations", "ada")) == (202, {"message": "202 Accepted"})
    found = api.get(f"{at}/export_relations/status", "ada").json
    assert [one["relation"] for one in found] == sorted(relations)
    of_itself = {
        "relation": "self",
        "status": 1,
        "error": None,
        "updated_at": "2024-05-01T09:00:00.000Z",
        "batched": False,
        "batches_count": 0,
        "total_objects_count": 1,
    }
    assert seen(api.get(f"{at}/export_relations/status", "ada", relation="self")) == (200, of_itself)
    told = (404, {"message": "Export not found"})
    assert seen(api.get(f"{at}/export_relations/status", "ada", relation="x")) == told
    assert api.get(f"{at}/export_relations/status").json == []


def test_the_records_of_a_relation_are_downloaded(api: Api) -> None:
    api.post("projects/1/export_relations", "ada")
    answer = api.get("projects/1/export_relations/download", "ada", relation="labels")
    label: dict[str, Any] = {
        "title": "bug",
        "color": "#d9534f",
        "description": None,
        "type": "ProjectLabel",
        "priorities": [],
    }
    assert [json.loads(line) for line in gzip.decompress(answer.data).splitlines()] == [label]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="labels.ndjson.gz"'
    itself = api.get("projects/1/export_relations/download", "ada", relation="self")
    assert json.loads(gzip.decompress(itself.data))["visibility_level"] == 0
    assert itself.headers["Content-Disposition"] == 'attachment; filename="self.json.gz"'


def test_a_relation_is_exported_in_batches(api: Api) -> None:
    api.post("projects/1/export_relations", "ada", batched=True)
    [batch] = api.get("projects/1/export_relations/status", "ada", relation="labels").json["batches"]
    counted = {"status": 1, "batch_number": 1, "objects_count": 1, "error": None}
    assert batch == {**counted, "updated_at": "2024-05-01T09:00:00.000Z"}

    def download(**given: Any) -> Any:
        return api.get("projects/1/export_relations/download", "ada", relation="labels", **given)

    assert download(batched="true", batch_number=1).status == 200
    assert seen(download(batched="true", batch_number=2)) == (404, {"message": "Batch not found"})
    assert seen(download()) == (400, {"message": "Export is batched"})
    api.post("projects/1/export_relations", "ada")
    assert seen(download(batched="true", batch_number=1)) == (400, {"message": "Export is not batched"})


def test_what_is_no_relation_is_refused(api: Api) -> None:
    where = "export_relations/download"
    assert seen(api.get(f"projects/1/{where}", relation="x")) == (400, {"error": "relation is not portable"})
    assert seen(api.get(f"groups/1/{where}", relation="x")) == (404, {"message": "Export not found"})
    assert seen(api.get(f"projects/1/{where}", relation="labels")) == (404, {"message": "Export not found"})
    assert api.get(f"projects/1/{where}").status == 400


@pytest.mark.parametrize("at", ["projects/1", "groups/1"])
def test_relations_are_exported_by_those_who_administer_if_direct_transfer_is_on(api: Api, at: str) -> None:
    for method, place in (("POST", ""), ("GET", "/status"), ("GET", "/download")):
        assert seen(api.request(method, f"{at}/export_relations{place}", "bob", relation="self")) == FORBIDDEN
        assert api.request(method, f"{at}/export_relations{place}", "nora", relation="self").status == 404
    api.put("application/settings", bulk_import_enabled=False)
    assert seen(api.post(f"{at}/export_relations", "ada")) == (404, {"message": "404 Not Found"})
