"""Pictures of metrics on incidents.

Source: https://docs.gitlab.com/api/issues/#upload-a-metric-image and GitLab's ee/lib/ee/api/issues.rb.
"""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.metric_image import METRIC_IMAGE, IssuableMetricImage, metric_images_of
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.upload import safe_name
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, Forbidden, InvalidParameters, NotFound

ALL = "projects/:id/issues/:issue_iid/metric_images"
EACH = f"{ALL}/:metric_image_id"
PAGE: dict[str, Any] = {"page": "issues", "edition": "ee"}
BYTES_AT_MOST = 1024 * 1024
AT_MOST = {"url": 255, "url_text": 128}
"""How many characters each text has at most."""
LINK = [
    dsl.param("url", str, "Where more is to be seen"),
    dsl.param("url_text", str, "What a link there says"),
]
PICTURES = ("png", "jpg", "jpeg", "gif", "bmp", "tiff", "ico", "webp")
UNKNOWN = (
    "Validation failed: File does not have a supported extension. "
    "Only png, jpg, jpeg, gif, bmp, tiff, ico, and webp are supported"
)


class NotAllowed(Forbidden):
    """Pictures are for incidents, and for reporters to upload."""

    message = "Not allowed!"


class NoImage(NotFound):
    """An incident has no such picture."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
        self.message = "Metric image not found"


def _check_change(call: dsl.Call) -> None:
    project, own = call.at(Project), call.at(Issue).author_id == access.me(call).id
    level = access.level(call, project)
    if project.archived or level < (access.GUEST if own else access.REPORTER):
        access.refuse(call, project, "reporters, and members who wrote the issue, change its pictures")


CHANGES = dsl.Rule("reporter, or member who wrote the issue", _check_change)


@v4.locator(EACH, integer=True)
def find_image(call: dsl.Call, value: str) -> IssuableMetricImage:
    """Return the picture with an id; who may not change it is told so before."""
    call.operation.rule.check(call)
    image = call.store[IssuableMetricImage].get(int(value))
    if image is None or image.issue_id != call.at(Issue).id:
        raise NoImage(f"issue {call.at(Issue).iid} has no picture {value}")
    return image


@v4.post(ALL, rule=access.USER, shape=METRIC_IMAGE, params=LINK, **PAGE)
def upload_image(
    call: dsl.Call, issue: Issue, given: dsl.Given, file: Annotated[dsl.File, "The picture"]
) -> IssuableMetricImage:
    """Upload a picture of a metric to an incident."""
    sent: Any = file
    if not hasattr(sent, "filename"):
        raise InvalidParameters(["file is invalid"], reason="send the file as a part of a multipart form")
    _check_upload(call, issue, sent)
    columns = {"filename": safe_name(sent.filename), "data": sent.data, **given.only(*AT_MOST)}
    return call.store.insert(IssuableMetricImage(issue_id=issue.id, **columns))


def _check_upload(call: dsl.Call, issue: Issue, sent: Any) -> None:
    if len(sent.data) > BYTES_AT_MOST:
        raise BadRequest(
            "400 Bad request - File is too large", reason=f"{len(sent.data)} bytes, at most 1 MiB is taken"
        )
    project = call.at(Project)
    if issue.issue_type != "incident" or project.archived or access.level(call, project) < access.REPORTER:
        raise NotAllowed(reason=f"issue {issue.iid} is an {issue.issue_type}; reporters upload pictures to incidents")
    if sent.filename.rpartition(".")[2].lower() not in PICTURES:
        refused = Forbidden(reason=f"{sent.filename} is none of {', '.join(PICTURES)}")
        refused.message = UNKNOWN
        raise refused


@v4.post(f"{ALL}/authorize", rule=access.USER, success=200, **PAGE)
def authorize_image(issue: Issue) -> None:
    """Tell GitLab's own proxy where to put a picture; nobody else may ask."""
    raise Forbidden(reason="this is for GitLab Workhorse alone; send the file to metric_images")


@v4.get(ALL, shape=METRIC_IMAGE, paginated=False, **PAGE)
def list_images(call: dsl.Call, issue: Issue) -> list[IssuableMetricImage]:
    """List the pictures on an incident."""
    return list(metric_images_of(call.store, issue.id))


@v4.put(EACH, rule=CHANGES, shape=METRIC_IMAGE, params=LINK, **PAGE)
def update_image(call: dsl.Call, image: IssuableMetricImage, given: dsl.Given) -> IssuableMetricImage:
    """Change what is said with a picture."""
    changes = given.only(*AT_MOST)
    for name, text in changes.items():
        if len(text or "") > AT_MOST[name]:
            reason = f"{name} has {len(text)} characters, at most {AT_MOST[name]} are taken"
            raise BadRequest("Metric image could not be updated", reason=reason)
    return call.store.update(image, **changes)


@v4.delete(EACH, rule=CHANGES, conditional=False, **PAGE)
def delete_image(call: dsl.Call, image: IssuableMetricImage) -> None:
    """Delete a picture."""
    call.store.delete(image)
