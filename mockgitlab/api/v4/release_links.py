"""Links of releases. Source: https://docs.gitlab.com/api/releases/links/ and GitLab's lib/api/release/links.rb."""

from mockgitlab import dsl
from mockgitlab.api.models.release import LINK, LinkType, Release, ReleaseLink, links_of
from mockgitlab.api.services import releases
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.releases import READ, WRITE
from mockgitlab.errors import RecordNotFound
from mockgitlab.store import Query

LINKS = "projects/:id/releases/:tag_name/assets/links"
ONE = f"{LINKS}/:link_id"
MORE = [
    dsl.param("direct_asset_path", str, "The path below the release at which the link is found"),
    dsl.param("filepath", str, "The path below the release", deprecated="Use direct_asset_path instead"),
    dsl.param("link_type", LinkType, "The type of the link", default="other"),
]


@v4.locator(ONE, integer=True)
def find_link(call: dsl.Call, value: str) -> ReleaseLink:
    """Return the link of the release with an id."""
    release = call.at(Release)
    link = call.store[ReleaseLink].find(release_id=release.id, id=int(value))
    if link is None:
        raise RecordNotFound(reason=f"the release {release.tag_name} has no link {value}")
    return link


@v4.get(LINKS, rule=READ, shape=LINK, job_token=True)
def list_links(call: dsl.Call, release: Release) -> Query[ReleaseLink]:
    """List the links of a release, the newest first."""
    return links_of(call.store, release)


@v4.get(ONE, rule=READ, shape=LINK, job_token=True)
def show_link(link: ReleaseLink) -> ReleaseLink:
    """Show a link of a release."""
    return link


@v4.post(
    LINKS,
    rule=WRITE,
    shape=LINK,
    params=[
        dsl.param("name", str, "The name of the link, unique within the release", required=True),
        dsl.param("url", str, "The URL of the link, unique within the release", required=True),
        *MORE,
    ],
    job_token=True,
)
def create_link(call: dsl.Call, release: Release, given: dsl.Given) -> ReleaseLink:
    """Add a link to a release."""
    return releases.create_link(call, release, given)


@v4.put(
    ONE,
    rule=WRITE,
    shape=LINK,
    params=[dsl.param("name", str, "The name of the link"), dsl.param("url", str, "The URL of the link"), *MORE],
    constraints=[dsl.at_least_one_of("name", "url")],
    job_token=True,
)
def update_link(call: dsl.Call, release: Release, link: ReleaseLink, given: dsl.Given) -> ReleaseLink:
    """Change a link of a release."""
    return releases.update_link(call, release, link, given)


@v4.delete(ONE, rule=WRITE, success=200, job_token=True, conditional=False, gives_back=LINK)
def delete_link(call: dsl.Call, link: ReleaseLink) -> None:
    """Delete a link of a release."""
    call.store.delete(link)
