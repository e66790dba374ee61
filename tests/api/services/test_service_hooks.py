from typing import Any

import pytest

from tests.api.hook_data.test_pushes import commit
from tests.api.v4.repositories import world
from tests.receiver import Receiver
from tests.support import Api

pytestmark = pytest.mark.mockgitlab(scenario=world())
AT, HOOK = "projects/1/integrations", "http://localhost:9"
JENKINS = {"project_name": "rocket", "username": "ci bot", "password": "p@ss"}
MR = {"source_branch": "feature/launch", "target_branch": "main", "title": "Launch"}


def service(api: Api, slug: str, **given: Any) -> None:
    assert api.put(f"{AT}/{slug}", "ada", **given).status == 200


def events(api: Api) -> list[tuple[str, str]]:
    return [(one.event, one.trigger) for one in api.server.deliveries()]


def test_jenkins_is_posted_what_hooks_are(api: Api, receiver: Receiver) -> None:
    root = receiver.url.removesuffix("/hook")
    service(api, "jenkins", jenkins_url=f"{root}/ci/", merge_requests_events=True, **JENKINS)
    made = commit(api, "main", "new.txt")
    api.post("projects/1/merge_requests", "ada", **MR)
    api.post("projects/1/repository/tags", "ada", tag_name="v9", ref="main")
    assert events(api) == [("Push Hook", "push_hooks"), ("Merge Request Hook", "merge_request_hooks")]
    path, headers, body = receiver.got[0]
    assert (path, headers["X-Gitlab-Event"], body["after"]) == ("/ci/project/rocket", "Push Hook", made["id"])
    assert headers["Authorization"] == "Basic Y2kgYm90OnBAc3M="
    [first, _] = api.server.deliveries()
    assert (first.url, first.json) == (root.replace("//", "//ci%20bot:{password}@") + "/ci/project/rocket", body)
    assert (first.integration, first.headers["X-Gitlab-Instance"]) == ("jenkins", "http://localhost")


def test_drone_is_told_of_what_it_is_to_build(api: Api) -> None:
    service(api, "drone-ci", drone_url=HOOK, token="secret", enable_ssl_verification=False)
    api.post("projects/1/merge_requests", "ada", **MR)
    api.put("projects/1/merge_requests/1", "ada", title="Other")
    commit(api, "feature/launch", "new.txt")
    commit(api, "main", "new.txt")
    api.post("projects/1/repository/branches", "ada", branch="gone", ref="main")
    api.delete("projects/1/repository/branches/gone", "ada")
    api.post("projects/1/repository/tags", "ada", tag_name="v9", ref="main")
    told = [(one.trigger, one.json.get("ref")) for one in api.server.deliveries()]
    assert ("push_hooks", "refs/heads/main") in told
    assert ("push_hooks", "refs/heads/feature/launch") not in told
    assert [trigger for trigger, _ in told].count("merge_request_hooks") == 2
    assert told[-1] == ("tag_push_hooks", "refs/tags/v9")
    first = api.server.deliveries()[0]
    assert (first.event, first.url) == ("Service Hook", f"{HOOK}/hook?owner=acme&name=rocket&access_token={{token}}")


def test_packagist_and_squash_tm(api: Api) -> None:
    service(api, "packagist", username="ada", token="secret", server=HOOK)
    service(api, "squash-tm", url=f"{HOOK}/squash", token="secret")
    commit(api, "main", "new.txt")
    api.post("projects/1/issues", "ada", title="x", confidential=True)
    assert [(one.event, one.url) for one in api.server.deliveries()] == [
        ("Service Hook", f"{HOOK}/api/update-package?username=ada&apiToken={{token}}"),
        ("Issue Hook", f"{HOOK}/squash?token={{token}}"),
    ]


def test_squash_tm_needs_no_token_and_secrets_go_along_in_the_url(api: Api, receiver: Receiver) -> None:
    service(api, "squash-tm", url=receiver.url)
    api.post("projects/1/issues", "ada", title="x")
    service(api, "squash-tm", url=receiver.url, token="secret")
    api.post("projects/1/issues", "ada", title="y")
    api.server.deliveries()
    assert [path for path, _, _ in receiver.got] == ["/hook", "/hook?token=secret"]
