from typing import Any

import pytest

from tests.api.v4.repositories import REPO, sha, text, world
from tests.support import Api

AT = f"{REPO}/changelog"
ADD, FIX = "Add it\n\nChangelog: feature", "Mend it\n\nChangelog: bug\nIssue: 7"
CHANGES = [
    {"message": ADD, "author": "bob", "date": "2024-04-02T10:00:00Z", "files": {"a": "1\n"}},
    {"message": FIX, "author": "nora", "date": "2024-04-03T10:00:00Z", "files": {"b": "1\n"}},
    {"message": "Nothing to tell", "date": "2024-04-04T10:00:00Z", "files": {"c": "1\n"}},
]


def make(config: str = "", tags: Any = None) -> Api:
    first = {"message": "Initial commit", "date": "2024-04-01T10:00:00Z", "files": {"README.md": "x\n"}}
    if config:
        first["files"] = {".gitlab/changelog_config.yml": config}
    branches = {"main": {"commits": [first, *CHANGES]}}
    repository = {"branches": branches, "tags": tags or {"v1.0.0": "main~3"}, "protected": False}
    return Api(world(repository))


def notes(api: Api, **given: Any) -> str:
    answer = api.get(AT, "bob", **{"version": "1.1.0", **given})
    assert answer.status == 200, answer
    found: str = answer.json["notes"]
    return found


def test_a_section_tells_of_the_commits_with_a_trailer() -> None:
    api = make()
    url = "http://localhost/acme/rocket/-/commit"
    assert notes(api) == (
        "## 1.1.0 (2024-05-01)\n\n"
        "### bug (1 change)\n\n"
        f"- [Mend it]({url}/{sha(api, 'main~1')}) by @nora\n\n"
        "### feature (1 change)\n\n"
        f"- [Add it]({url}/{sha(api, 'main~2')})\n"
    )


def test_a_section_without_changes_says_so() -> None:
    assert notes(make(), trailer="News") == "## 1.1.0 (2024-05-01)\n\nNo changes.\n"
    assert notes(make(), **{"from": "main"}) == "## 1.1.0 (2024-05-01)\n\nNo changes.\n"


def test_the_range_and_the_date_are_chosen() -> None:
    told = notes(make(), **{"from": "main~3", "to": "main~2", "date": "2024-02-03T04:05:06Z"})
    assert told.startswith("## 1.1.0 (2024-02-03)\n\n### feature (1 change)")
    assert "Mend it" not in told


def test_the_last_stable_tag_before_the_version_begins_the_range() -> None:
    tags = {"v1.0.0": "main~3", "v1.1.0": "main~2", "v1.2.0-rc1": "main~1", "v2.0.0": "main", "other": "main"}
    api = make(tags=tags)
    assert "Add it" in notes(api, version="1.0.1")
    assert "Add it" not in notes(api, version="1.2.0")
    assert "Mend it" in notes(api, version="1.2.0")
    refused = api.get(AT, "bob", version="0.9.0")
    assert (refused.status, refused.json) == (
        422,
        {
            "message": "Failed to generate the changelog: The commit start range is unspecified, and no previous tag "
            "could be found to use instead"
        },
    )


def test_a_commit_that_was_reverted_is_left_out() -> None:
    api = make()
    api.post(f"{REPO}/commits/main~1/revert", "bob", branch="main")
    told = notes(api)
    assert "Add it" in told
    assert "Mend it" not in told


CONFIG = """\
date_format: "%d %B %Y"
categories: {feature: Features, bug: Bug fixes}
include_groups: [acme]
tag_regex: '^v(?<major>\\d+)\\.(?<minor>\\d+)\\.(?<patch>\\d+)$'
template: |
  {% each categories %}
  {{ title }}: {{ count }}
  {% each entries %}
  * {{ title }} {{ commit.reference }}{% if author.credit %} {{ author.reference }}{% end %} {{ commit.trailers.Issue }}
  {% end %}
  {% end %}
"""


def test_the_configuration_changes_words_dates_and_looks() -> None:
    api = make(config=CONFIG)
    assert notes(api) == (
        "## 1.1.0 (01 May 2024)\n\n"
        "Features: 1\n"
        f"* Add it acme/rocket@{sha(api, 'main~2')} @bob \n"
        "Bug fixes: 1\n"
        f"* Mend it acme/rocket@{sha(api, 'main~1')} @nora 7\n"
    )


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ("categories: 1\n", 'The "categories" configuration key must be a Hash'),
        ("template: '{% if %}'\n", "Failed to parse the template"),
        ("tag_regex: '('\n", "The regular expression to use for finding the previous tag for a version is invalid"),
        ("a: [\n", "the configuration is no YAML"),
        ("- a\n", "the configuration is no mapping"),
    ],
)
def test_a_wrong_configuration_is_refused(config: str, told: str) -> None:
    refused = make(config=config).get(AT, "bob", version="1.1.0")
    assert refused.status == 422
    assert refused.json["message"].startswith(f"Failed to generate the changelog: {told}")


def test_a_configuration_elsewhere_is_read() -> None:
    api = make()
    file = {"branch": "other", "start_branch": "main", "content": "date_format: '%Y'\n", "commit_message": "m"}
    api.post(f"{REPO}/files/config.yml", "bob", **file)
    assert notes(api, config_file="config.yml", config_file_ref="other").startswith("## 1.1.0 (2024)")


def test_sections_are_put_where_their_versions_belong() -> None:
    api = make()
    assert api.post(AT, "bob", version="1.1.0").status == 200
    assert api.post(AT, "bob", version="2.0.0", trailer="News", message="Tell").text == "200"
    assert api.post(AT, "bob", version="1.5.0", trailer="News").status == 200
    assert api.post(AT, "bob", version="1.0.5", trailer="News").status == 200
    written = text(api, "CHANGELOG.md")
    titles = [line for line in written.split("\n") if line.startswith("## ")]
    assert [title.split()[1] for title in titles] == ["2.0.0", "1.5.0", "1.1.0", "1.0.5"]
    assert "\n\n## 1.1.0" in written
    assert api.get(f"{REPO}/commits", "bob").json[2]["title"] == "Tell"
    before = sha(api)
    api.post(AT, "bob", version="1.5.0")
    assert sha(api) == before


def test_the_file_and_the_branch_are_chosen() -> None:
    api = make()
    api.post(f"{REPO}/branches", "bob", branch="notes", ref="main")
    api.post(AT, "bob", version="1.1.0", branch="notes", file="NEWS")
    assert text(api, "NEWS", "notes").startswith("## 1.1.0 (2024-05-01)")


def test_who_may_commit_a_changelog() -> None:
    api = make()
    refused = api.post(AT, "rex", version="1.1.0")
    assert refused.json == {"message": "403 Forbidden - You are not allowed to commit a changelog on this branch"}
    assert api.get(AT, "rex", version="1.1.0").status == 200
    assert api.get(AT, "gil", version="1.1.0").status == 403
    assert api.get(AT, "bob", version="one").json == {"error": "version is invalid"}
    assert api.get(AT, "bob").status == 400


def test_a_merge_request_that_brought_a_commit_is_told() -> None:
    given = world(
        {
            "branches": {
                "main": {"commits": [{"files": {"a": "1\n"}}]},
                "work": {"commits": [{"message": ADD, "author": "bob", "files": {"b": "1\n"}}]},
            },
            "tags": {"v1.0.0": "main"},
            "protected": False,
        },
        merge_requests=[{"title": "Work", "source_branch": "work", "target_branch": "main", "state": "merged"}],
    )
    api = Api(given)
    told = notes(api, to="work")
    assert "([merge request](http://localhost/acme/rocket/-/merge_requests/1))" in told


# Health and size


def test_the_health_of_a_repository_is_told_once_it_was_asked_for() -> None:
    api = make()
    assert api.get(f"{REPO}/health", "ada").json == {"message": "404 Not Found"}
    made = api.get(f"{REPO}/health", "ada", generate=True)
    assert made.status == 200
    assert made.json["references"] == {
        "loose_count": 2,
        "packed_size": 0,
        "reference_backend": "REFERENCE_BACKEND_FILES",
    }
    assert made.json["size"] == made.json["objects"]["size"] > 0
    assert api.get(f"{REPO}/health", "ada").json == made.json
    assert api.get(f"{REPO}/health", "bob").status == 403


def test_the_size_of_a_repository_is_counted() -> None:
    api = make()
    size = api.get("projects/1", "ada", statistics=True).json["statistics"]["repository_size"]
    assert size == api.get(f"{REPO}/health", "ada", generate=True).json["size"]
    api.post(f"{REPO}/files/large", "bob", branch="main", content="x" * 1_000, commit_message="m")
    assert api.get("projects/1", "ada", statistics=True).json["statistics"]["repository_size"] > size + 1_000


def test_a_size_from_the_scenario_stays_until_it_is_counted_anew() -> None:
    api = Api(world(statistics={"repository_size": 5}))
    assert api.get("projects/1", "ada", statistics=True).json["statistics"]["repository_size"] == 5
    assert api.post("projects/1/repository_size", "bob").status == 403
    assert api.post("projects/1/repository_size", "ada").status == 201
    assert api.get("projects/1", "ada", statistics=True).json["statistics"]["repository_size"] > 5
