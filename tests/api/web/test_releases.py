"""Addresses to which releases lead: their sources, assets and evidence."""

import io
import json
import tarfile

import pytest

from tests.api.v4.repositories import FILES, REPOSITORY, world
from tests.support import Api

RELEASE = {
    "tag_name": "v1.0",
    "links": [{"name": "App", "url": "https://example.com/a?b=ü", "direct_asset_path": "/bin/app"}],
}


@pytest.fixture
def api() -> Api:
    return Api(world(REPOSITORY, releases=[RELEASE]), prefix="/")


def test_the_sources_of_a_release_are_archives(api: Api) -> None:
    for source in api.get("api/v4/projects/1/releases/v1.0").json["assets"]["sources"]:
        answer = api.get(source["url"].removeprefix("http://localhost/"), "rex")
        assert answer.status == 200
        file = f"rocket-v1.0.{source['format']}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file}"'


def test_an_archive_holds_the_files_of_a_revision(api: Api) -> None:
    response = api._client.get("/acme/rocket/-/archive/feature/launch/r.tar", headers={"Private-Token": "rex-token"})
    with tarfile.open(fileobj=io.BytesIO(response.get_data())) as archive:
        assert f"r/{next(iter(FILES))}" in archive.getnames()
        assert "r/src/count.py" in archive.getnames()


def test_what_is_hidden_or_missing_is_no_address(api: Api) -> None:
    for path, who in (
        ("acme/rocket/-/archive/v1.0/rocket-v1.0.zip", None),
        ("acme/rocket/-/archive/v1.0/rocket-v1.0.zip", "nora"),
        ("acme/rocket/-/archive/v9/rocket-v9.zip", "rex"),
        ("acme/rocket/-/archive/v1.0/rocket-v1.0.exe", "rex"),
        ("acme/nothing/-/archive/v1.0/rocket-v1.0.zip", "rex"),
        ("acme/rocket/-/releases/v9/downloads/bin/app", "rex"),
        ("acme/rocket/-/releases/v1.0/evidences/9.json", "rex"),
    ):
        answer = api.get(path, who)
        assert (answer.status, answer.json) == (404, {"error": "404 Not Found"}), path


def test_a_direct_asset_path_leads_to_the_asset(api: Api) -> None:
    answer = api.get("acme/rocket/-/releases/v1.0/downloads/bin/app", "rex")
    assert (answer.status, answer.headers["Location"]) == (302, "https://example.com/a?b=%C3%BC")
    assert api.get("acme/rocket/-/releases/v1.0/downloads/bin/app", "gil").status == 403


def test_evidence_can_be_read(api: Api) -> None:
    [evidence] = api.get("api/v4/projects/1/releases/v1.0").json["evidences"]
    answer = api.get(evidence["filepath"].removeprefix("http://localhost/"), "rex")
    assert json.loads(answer.text)["release"]["tag_name"] == "v1.0"
