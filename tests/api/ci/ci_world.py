"""A world that serves the GitLab CI API beside v4, whose jobs wait for runners."""

from typing import Any

from tests.pipeline_world import create
from tests.runner_world import world
from tests.support import Answer, Api

CONFIG = """
stages: [build, test]
image: "ruby:2.1"
services: [postgres]
before_script: [bundle]
compile: {stage: build, script: [make, make install], variables: {DB: pg}}
rspec: {stage: test, script: rspec, tags: [ruby]}
"""
ALONE, EMBEDDED = "/api/v1/", "/ci/api/v1/"
TOKENS = [
    {"token": "of-instance", "kind": "registration"},
    {"token": "of-rocket", "kind": "ci_project", "project": "acme/rocket"},
    {"token": "a-trigger", "kind": "trigger", "project": "acme/rocket", "user": "ada"},
    {"token": "other-trigger", "kind": "trigger", "project": "open/source", "user": "ada"},
]
AGENT = {"User-Agent": "gitlab-ci-multi-runner 1.3.0 (1-3-stable; go1.5; linux/amd64)"}


def apis(config: str = CONFIG, *, started: bool = True, **more: Any) -> tuple[Api, Api, Api]:
    """Return clients of v4, of the API of the separate application, and of that in GitLab, all of one world."""
    given = world(config, settings={"api": ["v4", "ci"]}, **more)
    v4 = Api({**given, "tokens": [*given["tokens"], *TOKENS]})
    if started:
        assert create(v4).status == 201
    return v4, beside(v4, ALONE), beside(v4, EMBEDDED)


def beside(api: Api, prefix: str) -> Api:
    """Return a client of the same server below another prefix."""
    other = object.__new__(Api)
    other.__dict__.update({**api.__dict__, "prefix": prefix})
    return other


def register(api: Api, token: str = "glrt-shared", **more: Any) -> Answer:
    """Ask for a build."""
    return api.post("builds/register.json", None, token=token, **more)
