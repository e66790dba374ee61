"""Topics of projects. Source: https://docs.gitlab.com/api/topics/ and GitLab's lib/api/topics.rb."""

from typing import Annotated, Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.models.topic import TOPIC, Topic, projects_of
from mockgitlab.api.services.avatars import avatar_columns
from mockgitlab.api.services.paths import TAKEN
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import BadRequest, RecordNotFound, ValidationFailed
from mockgitlab.store import Query

BLANK = "can't be blank"
LIMITS = {"name": 255, "title": 255, "description": 1024}
NAMES = [
    dsl.param("name", str, "The name of the topic, its slug"),
    dsl.param("title", str, "The title of the topic"),
    dsl.param("description", str, "The description of the topic"),
    dsl.param("avatar", dsl.File, "The picture of the topic"),
]


@v4.locator("topics/:id", integer=True)
def find_topic(call: dsl.Call, value: str) -> Topic:
    """Return the topic with this id."""
    return _find(call, int(value))


def _find(call: dsl.Call, topic_id: int) -> Topic:
    topic = call.store[Topic].get(topic_id)
    if topic is None:
        raise RecordNotFound(reason=f"there is no topic {topic_id}")
    return topic


def _without_projects(topics: Query[Topic], value: bool, call: dsl.Call) -> Query[Topic]:
    unused = [topic.id for topic in topics if not projects_of(call.store, topic)] if value else []
    return topics.among("id", unused) if value else topics


def _open_projects(store: dsl.Store, topic: Topic) -> int:
    return sum(project.visibility != "private" for project in projects_of(store, topic))


@v4.get(
    "topics",
    shape=TOPIC,
    filters=[
        dsl.search("name", "title", description="Only topics whose name or title contains this"),
        dsl.by("without_projects", bool, "Only topics that no project has", _without_projects),
        dsl.eq("organization_id", int, "Only topics of this organization", since="17.7"),
    ],
    since="14.5",
)
def list_topics(call: dsl.Call) -> Query[Topic]:
    """List topics, those first that most projects have which are not private."""
    return call.store[Topic].all().order_by("use", value=lambda one: (-_open_projects(call.store, one), one.id))


@v4.get("topics/:id", shape=TOPIC, since="14.5")
def show_topic(topic: Topic) -> Topic:
    """Show a topic."""
    return topic


@v4.post(
    "topics",
    rule=access.ADMIN_AFTER_PARAMETERS,
    shape=TOPIC,
    params=[
        *NAMES,
        dsl.param("name", str, "The name of the topic, its slug", required=True),
        dsl.param("title", str, "The title of the topic", required=True, since="15.0"),
        dsl.param("organization_id", int, "The ID of the organization", since="17.7"),
    ],
    since="14.5",
)
def create_topic(call: dsl.Call, given: dsl.Given) -> Topic:
    """Create a topic."""
    columns = {name: value for name, value in _columns(given).items() if value is not None}
    _refuse(call.store, columns, None)
    if given.get("organization_id"):
        columns["organization_id"] = given["organization_id"]
    return call.store.insert(Topic(**columns))


def _columns(given: dsl.Given) -> dict[str, Any]:
    picture = avatar_columns(given["avatar"]) if "avatar" in given else {}
    return {**given.only("name", "title", "description"), **picture}


def _refuse(store: dsl.Store, columns: dict[str, Any], itself: Topic | None) -> None:
    problems = {name: texts for name, value in columns.items() if (texts := _problems(store, name, value, itself))}
    if problems:
        raise ValidationFailed(problems, reason=f"not allowed: {', '.join(problems)}")


def _problems(store: dsl.Store, name: str, value: Any, itself: Topic | None) -> list[str]:
    if name not in LIMITS:
        return []
    if name != "description" and not (value or "").strip():
        return [BLANK]
    if len(value or "") > LIMITS[name]:
        return [f"is too long (maximum is {LIMITS[name]} characters)"]
    namesake = store[Topic].find(folded=value.lower()) if name == "name" else None
    return [TAKEN] if namesake is not None and namesake != itself else []


@v4.put("topics/:id", rule=access.ADMIN_AFTER_PARAMETERS, shape=TOPIC, params=NAMES, since="14.5")
def update_topic(call: dsl.Call, topic: Topic, given: dsl.Given) -> Topic:
    """Change a topic; its projects have it under the new name."""
    columns = _columns(given)
    _refuse(call.store, columns, topic)
    projects = projects_of(call.store, topic)
    changed = call.store.update(topic, **columns)
    for project in projects:
        names = tuple(changed.name if one == topic.name else one for one in project.topics)
        call.store.update(project, topics=names, updated_at=project.updated_at)
    return changed


@v4.delete("topics/:id", rule=access.ADMIN_AFTER_PARAMETERS, since="14.9")
def delete_topic(call: dsl.Call, topic: Topic) -> None:
    """Delete a topic, which projects then have no more."""
    for project in projects_of(call.store, topic):
        left = tuple(one for one in project.topics if one != topic.name)
        call.store.update(project, topics=left, updated_at=project.updated_at)
    call.store.delete(topic)


@v4.post("topics/merge", rule=access.ADMIN_AFTER_PARAMETERS, shape=TOPIC, since="15.4")
def merge_topics(
    call: dsl.Call,
    source_topic_id: Annotated[int, "The ID of the topic that goes"],
    target_topic_id: Annotated[int, "The ID of the topic that stays"],
) -> Topic:
    """Merge a topic into another, which its projects then have."""
    source, target = _find(call, source_topic_id), _find(call, target_topic_id)
    if source == target:
        raise BadRequest("The source topic and the target topic are identical.", reason="both are the same topic")
    for project in projects_of(call.store, source):
        names = dict.fromkeys(target.name if one == source.name else one for one in project.topics)
        call.store.update(project, topics=tuple(names), updated_at=project.updated_at)
    call.store.delete(source)
    return target
