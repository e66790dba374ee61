from typing import Any

import pytest
from werkzeug.test import Client

from mockgitlab.api.v4 import metric_images
from tests.issue_world import issue_api, world
from tests.support import Answer, Api, a_file, seen

IMAGES = "projects/1/issues/5/metric_images"
NOT_ALLOWED = (403, {"message": "Not allowed!"})
FORBIDDEN = (403, {"message": "403 Forbidden"})
pytestmark = pytest.mark.mockgitlab(scenario=world())


def upload(api: Api, as_: str = "rex", name: str = "load peak.png", iid: int = 5, **given: Any) -> Answer:
    file = a_file(name, given.pop("data", b"\1\2"))
    return api.form("POST", f"projects/1/issues/{iid}/metric_images", as_, file=file, **given)


def test_a_picture_is_uploaded_listed_changed_and_deleted(api: Api) -> None:
    made = upload(api, url="http://example.com", url_text="Dashboard")
    image = {
        "id": 1,
        "created_at": "2024-05-01T09:00:00.000Z",
        "filename": "load_peak.png",
        "file_path": "/uploads/-/system/issuable_metric_image/file/1/load_peak.png",
        "url": "http://example.com",
        "url_text": "Dashboard",
    }
    assert seen(made) == (201, image)
    assert list(made.json) == list(image)
    assert seen(api.get(IMAGES, "gil")) == (200, [image])
    changed = api.put(f"{IMAGES}/1", "rex", url_text="More")
    assert seen(changed) == (200, {**image, "url_text": "More"})
    assert api.delete(f"{IMAGES}/1", "rex").status == 204
    assert api.get(IMAGES, "gil").json == []


def test_a_picture_is_shown_to_those_who_see_the_issue(api: Api) -> None:
    path = upload(api).json["file_path"]
    for who, expected in (("gil", 200), ("nora", 404), (None, 404)):
        headers = {"Private-Token": f"{who}-token"} if who else {}
        answer = Client(api.server.app).get(path, headers=headers)
        assert answer.status_code == expected
    shown = Client(api.server.app).get(path, headers={"Private-Token": "gil-token"})
    assert (shown.data, shown.mimetype) == (b"\1\2", "image/png")
    assert Client(api.server.app).get(f"{path}x", headers={"Private-Token": "gil-token"}).status_code == 404


def test_pictures_are_for_incidents_and_reporters(api: Api) -> None:
    assert seen(upload(api, iid=1)) == NOT_ALLOWED
    assert seen(upload(api, "gil")) == NOT_ALLOWED
    assert upload(api, "nora").status == 404
    assert api.get("projects/1/issues/1/metric_images").json == []


def test_what_is_no_picture_or_too_big_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert seen(upload(api, name="peak.txt")) == (
        403,
        {
            "message": "Validation failed: File does not have a supported extension. "
            "Only png, jpg, jpeg, gif, bmp, tiff, ico, and webp are supported"
        },
    )
    monkeypatch.setattr(metric_images, "BYTES_AT_MOST", 2)
    assert seen(upload(api, data=b"123")) == (
        400,
        {"message": "400 Bad request - File is too large"},
    )
    assert seen(api.post(IMAGES, "rex", file="x")) == (400, {"error": "file is invalid"})
    assert api.post(IMAGES, "rex").status == 400


def test_who_wrote_the_incident_changes_its_pictures_and_other_guests_do_not(api: Api) -> None:
    upload(api)
    assert api.put(f"{IMAGES}/1", "gil", url_text="Mine").json["url_text"] == "Mine"
    api.post("projects/1/issues", "ada", title="Outage", issue_type="incident")
    upload(api, iid=6)
    assert seen(api.put("projects/1/issues/6/metric_images/2", "gil", url="http://x.example")) == FORBIDDEN
    assert seen(api.delete("projects/1/issues/6/metric_images/2", "gil")) == FORBIDDEN


def test_what_cannot_be_changed_is_told(api: Api) -> None:
    upload(api)
    assert seen(api.put(f"{IMAGES}/1", "rex", url_text="long" * 100)) == (
        400,
        {"message": "Metric image could not be updated"},
    )
    for method in ("PUT", "DELETE"):
        assert seen(api.request(method, f"{IMAGES}/9", "rex")) == (404, {"message": "Metric image not found"})
    assert seen(api.post(f"{IMAGES}/authorize", "rex")) == FORBIDDEN


def test_pictures_go_with_their_issue(api: Api) -> None:
    path = upload(api).json["file_path"]
    api.delete("projects/1/issues/5", "ada")
    assert Client(api.server.app).get(path, headers={"Private-Token": "root-token"}).status_code == 404


def test_the_community_edition_has_no_pictures() -> None:
    assert issue_api(gitlab={"edition": "ce"}).get(IMAGES).status == 404
