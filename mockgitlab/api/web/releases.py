"""The assets and the evidence of releases. Source: GitLab's app/controllers/projects/releases_controller.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.release import Evidence, Release, find_release
from mockgitlab.api.v4.releases import READ_CODE, asset_url, redirected
from mockgitlab.api.web.base import web
from mockgitlab.errors import RouteNotFound


@web.locator("*full_path/-/releases/:tag_name")
def find_release_by_tag(call: dsl.Call, value: str) -> Release:
    """Return the release of a tag."""
    release = find_release(call.store, call.at(Project), value)
    if release is None:
        raise RouteNotFound(reason=f"{call.at(Project).full_path} has no release {value!r}")
    return release


@web.get("*full_path/-/releases/:tag_name/downloads/*filepath", rule=READ_CODE, json_suffix=False)
def download_asset(call: dsl.Call, release: Release, filepath: str) -> dsl.Raw:
    """Send a client on to an asset of a release."""
    return redirected(asset_url(call, release, filepath))


@web.get("*full_path/-/releases/:tag_name/evidences/:evidence_id.json", rule=READ_CODE, json_suffix=False)
def show_evidence(call: dsl.Call, release: Release, evidence_id: int) -> dsl.Raw:
    """Show what was collected of a release."""
    evidence = call.store[Evidence].find(release_id=release.id, id=evidence_id)
    if evidence is None:
        raise RouteNotFound(reason=f"the release {release.tag_name} has no evidence {evidence_id}")
    return dsl.Raw(evidence.summary.encode(), "application/json")
