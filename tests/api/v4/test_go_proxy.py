import copy
import io
import zipfile
from typing import Any

import pytest

from tests.packages_world import WORLD, send
from tests.support import Api, seen

NAME = "localhost/acme/rocket"
AT = f"projects/1/packages/go/{NAME}/@v"
MISSING = (404, {"message": "404 Not Found"})
FILES = {
    "go.mod": f"module {NAME}\n\ngo 1.22\n",
    "rocket.go": "package rocket\n",
    "tools/go.mod": f"module {NAME}/tools\n",
    "tools/a.go": "package tools\n",
}


@pytest.fixture
def api() -> Api:
    world = copy.deepcopy(WORLD)
    second = {**FILES, "go.mod": f"module {NAME}/v2\n"}
    world["projects"][0]["repository"] = {
        "branches": {"main": FILES, "next": second, "old": {"go.mod": "module example.com/old\n"}},
        "tags": {
            "v1.0.0": "main",
            "v1.1.0-rc.1": "main",
            "v2.0.0": "next",
            "v0.1.0": "old",
            "v1": "main",
            "1.2.0": "main",
        },
    }
    api = Api(world)
    api.post("features/go_proxy", "root", value=True)
    return api


def pseudo(api: Api) -> str:
    commit = api.get("projects/1/repository/commits/main").json
    date = commit["committed_date"][:19].replace("-", "").replace("T", "").replace(":", "")
    return f"v1.1.1-0.{date}-{commit['id'][:12]}"


def test_tags_are_versions_where_go_mod_says_so(api: Api) -> None:
    assert api.get(f"{AT}/list", "rex").text == "v1.0.0\nv1.1.0-rc.1"
    assert api.get(AT.replace("/@v", "/v2/@v/list"), "rex").text == ""
    assert api.get(AT.replace("/@v", "/tools/@v/list"), "rex").text == "v0.1.0\nv1.0.0\nv1.1.0-rc.1"
    listed = api.get(f"{AT}/list", "rex")
    assert listed.headers["Content-Type"].startswith("text/plain")


def test_a_version_is_shown_and_downloaded(api: Api) -> None:
    commit = api.get("projects/1/repository/commits/main").json
    for version in ("v1.0.0", pseudo(api)):
        shown = api.get(f"{AT}/{version}.info", "rex")
        assert seen(shown) == (200, {"Version": version, "Time": commit["committed_date"]})
        assert api.get(f"{AT}/{version}.mod", "rex").text == FILES["go.mod"]
        fetched = api.get(f"{AT}/{version}.zip", "rex")
        with zipfile.ZipFile(io.BytesIO(fetched.data)) as archive:
            assert archive.namelist() == [f"{NAME}@{version}/go.mod", f"{NAME}@{version}/rocket.go"]
        assert fetched.headers["Content-Disposition"] == f'attachment; filename="{version}.zip"'


def test_a_module_in_a_folder_has_the_files_below_it(api: Api) -> None:
    fetched = api.get(AT.replace("/@v", "/tools/@v/v1.0.0.zip"), "rex")
    with zipfile.ZipFile(io.BytesIO(fetched.data)) as archive:
        assert archive.namelist() == [f"{NAME}/tools@v1.0.0/a.go", f"{NAME}/tools@v1.0.0/go.mod"]


def test_what_is_no_version(api: Api) -> None:
    wrong: list[Any] = [
        "v2.0.0",
        "v0.1.0",
        "v1",
        "1.2.0",
        "v3.0.0",
        "main",
        pseudo(api).replace("v1.1.1-0.2", "v1.1.1-0.1"),
    ]
    for version in [*wrong, f"v1.1.1-0.20240501090000-{'0' * 12}"]:
        for ending in ("info", "mod", "zip"):
            assert seen(api.get(f"{AT}/{version}.{ending}", "rex")) == MISSING
    for name in ("example.com/acme/rocket", "localhost/acme/rocketry", "localhost/acme"):
        assert seen(api.get(f"projects/1/packages/go/{name}/@v/list", "rex")) == MISSING


def test_capitals_are_written_with_a_mark(api: Api) -> None:
    assert api.get(f"projects/1/packages/go/{NAME.replace('rocket', '!rocket')}/@v/list", "rex").status == 404
    assert api.get(f"{AT}/v1.1.0-!r!c.1.info", "rex").status == 404
    assert api.get(f"{AT}/v1.1.0-rc.1.info", "rex").json["Version"] == "v1.1.0-rc.1"


def test_who_downloads(api: Api) -> None:
    statuses = {"rex-token": 200, "glcbt-job": 200, "gil-token": 403, "nora-token": 404, "reads": 401, "none": 401}
    for secret, status in statuses.items():
        assert send(api, "GET", f"{AT}/list", auth=("any", secret)).status_code == status
    assert seen(Api(WORLD).get(f"{AT}/list", "rex")) == MISSING
