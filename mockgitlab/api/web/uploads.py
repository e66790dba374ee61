"""Uploaded files, and pictures of users, projects and groups, at the addresses that the API tells.

Source: GitLab's app/controllers/banzai/uploads_controller.rb and app/controllers/uploads_controller.rb.
"""

from mockgitlab import dsl
from mockgitlab.api.issue_access import may_read
from mockgitlab.api.models.appearance import Appearance, picture_of
from mockgitlab.api.models.group import Group
from mockgitlab.api.models.issue import Issue
from mockgitlab.api.models.metric_image import IssuableMetricImage
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.topic import Topic
from mockgitlab.api.models.user import User
from mockgitlab.api.services.avatars import TYPES, avatar_answer
from mockgitlab.api.v4.base import find_group, find_named_user, find_project
from mockgitlab.api.v4.markdown_uploads import download, find_by_secret
from mockgitlab.api.v4.topics import find_topic
from mockgitlab.api.web.base import web
from mockgitlab.errors import RouteNotFound

PICTURES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
"""What browsers may show themselves."""


@web.locator("-/project/:id", "uploads/-/system/project/avatar/:id", integer=True)
def find_project_by_id(call: dsl.Call, value: str) -> Project:
    """Return the project with an id."""
    return find_project(call, value)


@web.locator("-/group/:id", "uploads/-/system/group/avatar/:id", integer=True)
def find_group_by_id(call: dsl.Call, value: str) -> Group:
    """Return the group with an id."""
    return find_group(call, value)


@web.locator("uploads/-/system/user/avatar/:id", integer=True)
def find_user_by_id(call: dsl.Call, value: str) -> User:
    """Return the user with an id."""
    return find_named_user(call, value)


@web.locator("uploads/-/system/projects/topic/avatar/:id", integer=True)
def find_topic_by_id(call: dsl.Call, value: str) -> Topic:
    """Return the topic with an id."""
    return find_topic(call, value)


@web.get("-/project/:id/uploads/:secret/:filename", json_suffix=False)
@web.get("-/group/:id/uploads/:secret/:filename", json_suffix=False)
@web.get("*full_path/uploads/:secret/:filename", json_suffix=False)
def show_upload(call: dsl.Call, secret: str, filename: str) -> dsl.Raw:
    """Show an uploaded file; whoever knows its secret, and may see the project, may see it."""
    upload = find_by_secret(call, secret, filename)
    if upload is None:
        raise RouteNotFound(reason=f"there is no upload {secret}/{filename}")
    kind = PICTURES.get(filename.rpartition(".")[2].lower())
    return download(upload, kind, "inline") if kind else download(upload)


@web.locator("uploads/-/system/issuable_metric_image/file/:id", integer=True)
def find_metric_image(call: dsl.Call, value: str) -> IssuableMetricImage:
    """Return the picture of a metric with an id on an issue that the caller may see."""
    image = call.store[IssuableMetricImage].get(int(value))
    if image is None or not may_read(call.store, call.user, call.store[Issue][image.issue_id]):
        raise RouteNotFound(reason=f"there is no picture {value} on an issue that this user may see")
    return image


@web.get("uploads/-/system/issuable_metric_image/file/:id/:filename", json_suffix=False)
def show_metric_image(image: IssuableMetricImage, filename: str) -> dsl.Raw:
    """Show the picture of a metric."""
    if image.filename != filename:
        raise RouteNotFound(reason=f"picture {image.id} is not called {filename}")
    return download(image, PICTURES.get(filename.rpartition(".")[2].lower(), "application/octet-stream"), "inline")


@web.get("uploads/-/system/user/avatar/:id/:filename", json_suffix=False)
@web.get("uploads/-/system/projects/topic/avatar/:id/:filename", json_suffix=False)
@web.get("uploads/-/system/project/avatar/:id/:filename", json_suffix=False)
@web.get("uploads/-/system/group/avatar/:id/:filename", json_suffix=False)
def show_picture(at: User | Topic | Project | Group, filename: str) -> dsl.Raw:
    """Show the picture of a user, topic, project or group."""
    if at.avatar_file != filename:
        raise RouteNotFound(reason=f"{type(at).__name__.lower()} {at.id} has no picture {filename}")
    return avatar_answer(at)


@web.get("uploads/-/system/appearance/:name/:id/:filename", json_suffix=False)
def show_picture_of_instance(call: dsl.Call, name: str, id: str, filename: str) -> dsl.Raw:
    """Show a picture of the instance itself."""
    appearance = call.store[Appearance].all().first()
    picture = picture_of(appearance, name) if appearance and id == str(appearance.id) else None
    if picture is None or picture[0] != filename:
        raise RouteNotFound(reason=f"the instance has no {name} {filename}")
    return dsl.Raw(picture[1], TYPES.get(filename.rpartition(".")[2].lower(), "application/octet-stream"))
