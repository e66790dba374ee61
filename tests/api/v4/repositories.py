"""What tests of repositories share: a project with some history, which everybody may push to from Developer on."""

from typing import Any

from tests.support import WORLD, Api

FILES = {"README.md": "# Rocket\n", "src/launch.py": "def go():\n    pass\n", "src/deep/data.json": "{}\n"}
FEATURE = [
    {"message": "Count down", "author": "ada", "date": "2024-04-02T10:00:00Z", "files": {"src/count.py": "3\n2\n1\n"}},
    {
        "message": "Launch\n\nFor real.\n\nSigned-off-by: Ada <ada@example.com>",
        "author": "bob",
        "date": "2024-04-03T10:00:00+02:00",
        "files": {"src/launch.py": "def go():\n    print('up')\n"},
    },
]
BRANCHES = {
    "main": {"commits": [{"message": "Initial commit", "date": "2024-04-01T10:00:00Z", "files": FILES}]},
    "feature/launch": {"from": "main", "commits": FEATURE},
    "done": {"from": "main"},
}
TAGS = {"v1.0": "main", "v1.1": {"ref": "feature/launch", "message": "The first that flies"}}
REPOSITORY = {"branches": BRANCHES, "tags": TAGS, "protected": False}
REPO = "projects/1/repository"


def world(repository: Any = REPOSITORY, **project: Any) -> dict[str, Any]:
    """Return the world of the tests with a repository in acme/rocket, and one in open/source."""
    rocket = {"path": "acme/rocket", "repository": repository, **project}
    source = {"path": "open/source", "visibility": "public", "repository": {"branches": {"main": {"a": "1\n"}}}}
    return {**WORLD, "projects": [rocket, source, {"path": "ada/notes"}]}


def make_api(repository: Any = REPOSITORY, **project: Any) -> Api:
    """Return a client of that world."""
    return Api(world(repository, **project))


def sha(api: Api, ref: str = "main", project: int = 1) -> str:
    """Return the hash of the commit that a ref names."""
    found: str = api.get(f"projects/{project}/repository/commits/{ref.replace('/', '%2F')}").json["id"]
    return found


def text(api: Api, path: str, ref: str = "main") -> str:
    """Return what is in a file."""
    answer = api.get(f"{REPO}/files/{path.replace('/', '%2F')}/raw", ref=ref)
    assert answer.status == 200, answer
    return answer.text
