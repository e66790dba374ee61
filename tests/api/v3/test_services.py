"""Services as v3 had them."""

from typing import Any

import pytest

from mockgitlab.api.v3.services import SERVICES, Service
from tests.api.v3.ci_world import api_with
from tests.pipeline_world import NOW
from tests.support import Api, seen

AT = "projects/1/services"
PRESET = {"priority": "0", "recipients": "a@example.com", "token": "t0"}
EVENTS = ("push", "issues", "merge_requests", "tag_push", "note", "build", "pipeline")


@pytest.fixture
def api() -> Api:
    return api_with()


def asked(service: Service) -> dict[str, Any]:
    """Return the parameters that a service needs."""
    urls = {name: "https://example.com/x" for name in service.required.split() if name.endswith(("url", "webhook"))}
    return {
        **dict.fromkeys(service.required.split(), "x1"),
        **urls,
        **{k: v for k, v in PRESET.items() if k in service.required.split()},
    }


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.slug)
def test_every_service_is_set_up_shown_and_disabled(api: Api, service: Service) -> None:
    given = asked(service)
    assert seen(api.put(f"{AT}/{service.slug}", "ada", **given)) == (200, True)
    shown = api.get(f"{AT}/{service.slug}", "ada").json
    assert (shown["title"], shown["active"], shown["id"]) == (service.title, True, 1)
    told = {name: value for name, value in given.items() if name != "password"}
    assert {name: shown["properties"][name] for name in told} == told
    assert seen(api.delete(f"{AT}/{service.slug}", "ada")) == (200, True)
    assert api.get(f"{AT}/{service.slug}", "ada").json["active"] is False
    assert seen(api.delete(f"{AT}/{service.slug}", "ada")) == (200, True)


@pytest.mark.parametrize("service", SERVICES, ids=lambda one: one.slug)
def test_every_service_says_what_it_needs(api: Api, service: Service) -> None:
    first = service.required.split()[0]
    told = {"message": f'400 (Bad request) "{first}" not given'}
    assert seen(api.put(f"{AT}/{service.slug}", "ada")) == (400, told)


def test_a_service_that_nobody_set_up_is_shown_without_an_id(api: Api) -> None:
    assert seen(api.get(f"{AT}/asana", "ada")) == (
        200,
        {
            "id": None,
            "title": "Asana",
            "created_at": None,
            "updated_at": None,
            "active": False,
            **{f"{event}_events": True for event in EVENTS},
            "properties": {},
        },
    )
    api.put(f"{AT}/asana", "ada", api_key="k", restrict_to_branch="main")
    shown = api.get(f"{AT}/asana", "ada").json
    assert (shown["created_at"], shown["properties"]) == (NOW, {"api_key": "k", "restrict_to_branch": "main"})


def test_passwords_are_shown_to_administrators(api: Api) -> None:
    api.put(f"{AT}/bamboo", "ada", bamboo_url="https://b.example.com", build_key="k", username="u", password="p")
    assert "password" not in api.get(f"{AT}/bamboo", "ada").json["properties"]
    assert api.get(f"{AT}/bamboo").json["properties"]["password"] == "p"


def test_v4_knows_of_broken_builds_as_pipelines(api: Api) -> None:
    api.put(f"{AT}/pipelines-email", "ada", recipients="a@example.com", notify_only_broken_builds=False)
    assert api.get(f"{AT}/pipelines-email", "ada").json["properties"]["notify_only_broken_builds"] is False
    api.prefix = "/api/v4/"
    properties = api.get("projects/1/integrations/pipelines-email", "ada").json["properties"]
    assert properties["notify_only_broken_pipelines"] is False


@pytest.mark.parametrize(
    ("version", "unknown", "wrong"),
    [
        ("8.8.0", (404, {"message": "404 Service Not Found"}), (404, {"message": "404 Not Found"})),
        (
            "8.16.9",
            (400, {"error": "service_slug does not have a valid value"}),
            (400, {"message": "400 Bad Request"}),
        ),
    ],
)
def test_what_is_no_service_and_what_is_wrong_is_told_by_version(version: str, unknown: Any, wrong: Any) -> None:
    api = api_with({"version": version, "api": ["v3"]})
    for method in ("GET", "PUT", "DELETE"):
        assert seen(api.request(method, f"{AT}/nothing", "ada")) == unknown
    assert seen(api.put(f"{AT}/external-wiki", "ada", external_wiki_url="no url")) == wrong


def test_services_are_for_masters(api: Api) -> None:
    for method in ("GET", "PUT", "DELETE"):
        assert seen(api.request(method, f"{AT}/asana", "bob", api_key="k")) == (403, {"message": "403 Forbidden"})
        assert api.request(method, f"{AT}/asana", None, api_key="k").status == 401


@pytest.mark.parametrize("path", ["slack_slash_commands", "slack-slash-commands"])
def test_slash_commands_are_answered(api: Api, path: str) -> None:
    api.put(f"{AT}/slack-slash-commands", "ada", token="s3cret")
    answer = api.post(f"{AT}/{path}/trigger", None, token="s3cret", text="help")
    assert (answer.status, answer.json["response_type"]) == (200, "ephemeral")
    missing = (404, {"message": "404 Service Not Found"})
    assert seen(api.post(f"{AT}/{path}/trigger", None, token="other")) == missing
    assert seen(api.post(f"projects/99/services/{path}/trigger", None, token="s3cret")) == missing
    assert seen(api.post(f"{AT}/asana/trigger", None, token="s3cret")) == missing
