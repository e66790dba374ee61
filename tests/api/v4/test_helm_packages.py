import hashlib
import io
import tarfile
from typing import Any

import pytest
import yaml

from tests.packages_world import WORLD, send
from tests.support import Answer, Api, a_file, names, seen

AT = "projects/1/packages/helm"
CHART = {"apiVersion": "v2", "name": "rocket", "version": "1.0.0", "description": "It flies"}


@pytest.fixture
def api() -> Api:
    return Api(WORLD)


def chart(name: str = "rocket/Chart.yaml", **told: Any) -> bytes:
    content, text = io.BytesIO(), yaml.safe_dump({**CHART, **told}).encode()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return content.getvalue()


def upload(api: Api, as_: str | None = "bob", data: bytes | None = None, channel: str = "stable") -> Answer:
    file = a_file("any.tgz", chart() if data is None else data)
    return api.form("POST", f"{AT}/api/{channel}/charts", as_, chart=file)


def test_a_chart_is_uploaded_indexed_and_downloaded(api: Api) -> None:
    data = chart()
    assert seen(upload(api, data=data)) == (201, {"message": "201 Created"})
    index = api.get(f"{AT}/stable/index.yaml", "rex")
    assert index.headers["Content-Type"].startswith("text/yaml")
    assert index.text.startswith("---\napiVersion: v1\nentries:\n")
    instant = "2024-05-01T09:00:00.000000000Z"
    added = {
        "created": instant,
        "digest": hashlib.sha256(data).hexdigest(),
        "urls": ["charts/rocket-1.0.0.tgz"],
    }
    assert yaml.safe_load(index.text) == {
        "apiVersion": "v1",
        "entries": {"rocket": [{**CHART, **added}]},
        "generated": instant,
        "serverInfo": {"contextPath": "/api/v4/projects/1/packages/helm"},
    }
    assert api.get(f"{AT}/stable/charts/rocket-1.0.0.tgz", "rex").data == data
    [package] = api.get("projects/1/packages", "rex").json
    assert [package[name] for name in ("name", "version", "package_type")] == ["rocket", "1.0.0", "helm"]


def test_a_chart_uploaded_again_is_a_new_file_of_its_package(api: Api) -> None:
    upload(api)
    upload(api, data=chart(description="It flies again"))
    upload(api, data=chart(version="v1.1.0"), channel="beta")
    entries = yaml.safe_load(api.get(f"{AT}/stable/index.yaml", "rex").text)["entries"]
    assert [one["description"] for one in entries["rocket"]] == ["It flies again"]
    assert len(api.get("projects/1/packages/1/package_files", "rex").json) == 2
    beta = api.get("projects/acme%2Frocket/packages/helm/beta/index.yaml", "rex").text
    assert yaml.safe_load(beta)["serverInfo"] == {"contextPath": "/api/v4/projects/acme%2Frocket/packages/helm"}
    assert api.get(f"{AT}/beta/charts/rocket-v1.1.0.tgz", "rex").status == 200
    for path in ("beta/charts/rocket-1.0.0.tgz", "none/charts/rocket-1.0.0.tgz"):
        assert seen(api.get(f"{AT}/{path}", "rex")) == (404, {"message": "404 Not found"})


@pytest.mark.parametrize(
    "data",
    [
        b"no archive",
        b"\x1f\x8b\x08\x00broken",
        chart("rocket/values.yaml"),
        chart(name="rocket/Chart.yaml", version="one"),
        chart(name="rocket/Chart.yaml", version=1),
    ],
)
def test_what_is_no_chart_becomes_a_package_in_error(api: Api, data: bytes) -> None:
    assert upload(api, data=data).status == 201
    [package] = api.get("projects/1/packages", "rex").json
    assert (package["name"], package["status"]) == ("Helm.Temporary.Package", "error")
    assert yaml.safe_load(api.get(f"{AT}/stable/index.yaml", "rex").text)["entries"] == {}


def test_what_is_refused(api: Api) -> None:
    assert seen(upload(api, channel="a..b")) == (400, {"error": "channel is invalid"})
    assert api.get(f"{AT}/-/index.yaml", "rex").json == {"error": "channel is invalid"}
    path = f"{AT}/api/stable/charts"
    assert api.form("POST", path, "bob", chart="text").json == {"error": "chart is invalid"}
    assert api.form("POST", path, "bob").json == {"message": '400 (Bad request) "chart" not given'}
    api.put("application/plan_limits", "root", plan_name="default", helm_max_file_size=4)
    assert seen(upload(api)) == (400, {"message": "400 Bad request - File is too large"})


def test_who_uploads_and_installs(api: Api) -> None:
    assert seen(upload(api, "rex")) == (403, {"message": "403 Forbidden"})
    nobody = upload(api, None)
    assert (nobody.status, nobody.headers["WWW-Authenticate"]) == (401, 'Basic realm="GitLab Packages Registry"')
    for secret, status in (("rex-token", 200), ("reads", 200), ("glcbt-job", 200), ("gil-token", 403)):
        assert send(api, "GET", f"{AT}/stable/index.yaml", auth=("any", secret)).status_code == status
    made = send(api, "POST", f"{AT}/api/stable/charts", auth=("any", "glcbt-job"), data={"chart": a_file("a", chart())})
    assert made.status_code == 201
    assert names(api.get("projects/1/packages/1/pipelines", "rex"), "id") == [7]
    assert api.post(f"{AT}/api/stable/charts/authorize", "bob").status == 403
