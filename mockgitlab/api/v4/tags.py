"""Tags. Source: https://docs.gitlab.com/api/tags/ and GitLab's lib/api/tags.rb, app/services/tags/*.rb."""

from typing import Annotated, Any, Literal

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api import repository_access as code
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.protected_ref import tag_protections
from mockgitlab.api.models.release import find_release
from mockgitlab.api.models.repository import commit_json, date_of, shown
from mockgitlab.api.models.signature import SHAPES as SIGNATURES
from mockgitlab.api.models.signature import CommitSignature
from mockgitlab.api.ref_lists import searched
from mockgitlab.api.services import tags
from mockgitlab.api.services.repositories import TAGS, Repository
from mockgitlab.api.services.signatures import verifying, x509_columns
from mockgitlab.api.v4.base import v4
from mockgitlab.errors import Forbidden, NotFound
from mockgitlab.git.objects import bytes_of, peeled, read_commit, read_tag
from mockgitlab.git.signed import signed_tag
from mockgitlab.git.versions import by_version


def _json(call: dsl.Call, project: Project, name: str, sha: str) -> dict[str, Any]:
    """Return a tag as JSON; of a light one GitLab documents no message, and sends an empty one."""
    url, objects = project.web_url(call.view()), call.store.objects
    commit, tag = peeled(objects, sha), read_tag(objects, sha)
    no_message = None if call.settings.errors == "documented" else ""
    return {
        "name": shown(name),
        "message": shown(tag.message.rstrip("\n")) if tag else no_message,
        "target": sha,
        "commit": commit_json(read_commit(objects, commit), url) if commit else None,
        "release": _release(call, project, name),
        "protected": bool(tag_protections(call.store, project, name)),
        "created_at": date_of(tag.tagger) if tag and tag.tagger else None,
    }


def _release(call: dsl.Call, project: Project, name: str) -> dict[str, Any] | None:
    release = find_release(call.store, project, name) if access.feature_open(call, project, "releases") else None
    return {"tag_name": release.tag_name, "description": release.description} if release else None


def _updated(repository: Repository, sha: str) -> int:
    tag, commit = read_tag(repository.objects, sha), peeled(repository.objects, sha)
    if tag is not None and tag.tagger is not None:
        return tag.tagger.time
    return read_commit(repository.objects, commit).committer.time if commit else 0


@v4.get("projects/:id/repository/tags", rule=code.READ, job_token=True)
def list_tags(
    call: dsl.Call,
    project: Project,
    sort: Annotated[Literal["asc", "desc"], "Ascending or descending"] = "desc",
    order_by: Annotated[Literal["name", "updated", "version"], "Order by one of these"] = "updated",
    search: Annotated[str | None, "Only tags with this in their names; ^begin and end$ mean what they do"] = None,
    page_token: Annotated[str | None, "The tag after which to begin"] = None,
) -> list[Any]:
    """List the tags of a repository."""
    repository = Repository(call.store, project)
    found = list(repository.named(TAGS).items())
    if order_by == "updated":
        found.sort(key=lambda pair: _updated(repository, pair[1]), reverse=sort == "desc")
    else:
        key: Any = by_version if order_by == "version" else bytes_of
        found.sort(key=lambda pair: key(pair[0]), reverse=sort == "desc")
    return dsl.Mapped(  # type: ignore[return-value]
        searched(found, search),
        lambda pair: _json(call, project, *pair),
        token=lambda pair: pair[0],
        tokens_below=TAGS,
    )


def _find(call: dsl.Call, project: Project, name: str) -> str:
    sha = Repository(call.store, project).ref(TAGS + name)
    if sha is None:
        raise NotFound("Tag", reason=f"{project.full_path} has no tag {name!r}")
    return sha


@v4.get("projects/:id/repository/tags/:tag_name", json_suffix=False, rule=code.READ)
def show_tag(call: dsl.Call, project: Project, tag_name: str) -> dict[str, Any]:
    """Show a tag."""
    return _json(call, project, tag_name, _find(call, project, tag_name))


@v4.get("projects/:id/repository/tags/:tag_name/signature", rule=code.READ)
def show_tag_signature(call: dsl.Call, project: Project, tag_name: str) -> dict[str, Any]:
    """Show the signature of a tag: of which type it is, and what is found of one by X.509."""
    sha = _find(call, project, tag_name)
    tag = read_tag(call.store.objects, sha)
    signed = signed_tag(call.store.objects.data(sha, "tag")) if tag else None
    if tag is None or signed is None:
        raise NotFound("Signature", reason=f"the tag {tag_name} is not signed")
    if signed.kind != "X509" or tag.tagger is None:
        return {"signature_type": signed.kind}
    with verifying():
        columns = x509_columns(call, signed, tag.tagger)
    shown = columns and call.view().one(SIGNATURES["X509"], CommitSignature(signature_type="X509", **columns))
    return shown or {"signature_type": "X509"}


@v4.post(
    "projects/:id/repository/tags",
    rule=code.PUSH,
    params=[
        dsl.param("tag_name", str, "The name of the tag", required=True),
        dsl.param("ref", str, "The branch, tag or commit to tag", required=True),
        dsl.param("message", str, "What an annotated tag says"),
    ],
)
def create_tag(call: dsl.Call, project: Project, given: dsl.Given) -> dict[str, Any]:
    """Create a tag; with a message it is an annotated one."""
    name = given["tag_name"]
    sha = tags.create(call, project, name, given["ref"], given.get("message"))
    return _json(call, project, name, sha)


@v4.delete("projects/:id/repository/tags/:tag_name", json_suffix=False, rule=code.PUSH, conditional=False)
def delete_tag(call: dsl.Call, project: Project, tag_name: str) -> None:
    """Delete a tag, and the release of it; a protected one Maintainer and above may."""
    commit = peeled(call.store.objects, _find(call, project, tag_name))
    if tag_protections(call.store, project, tag_name) and access.level(call, project) < access.MAINTAINER:
        raise Forbidden(reason=f"the tag {tag_name} is protected; Maintainer or more may delete it")
    if commit:
        call.check_unmodified(date_of(read_commit(call.store.objects, commit).author))
    tags.delete(call, project, tag_name)
