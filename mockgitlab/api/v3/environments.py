"""Environments. Source: GitLab 8's doc/api/enviroments.md and lib/api/environments.rb."""

from typing import Any

from mockgitlab import dsl
from mockgitlab.api import environment_access as rights
from mockgitlab.api.models.environment import ENVIRONMENT, ENVIRONMENT_BASIC, Environment
from mockgitlab.api.models.project import Project
from mockgitlab.api.models.project_shapes import PROJECT
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4 import environments
from mockgitlab.api.v4.base import v4

AT = environments.AT
EACH = f"{AT}/:environment_id"


def _project(one: Environment, view: dsl.View) -> Any:
    return view.one(PROJECT, view.store[Project][one.project_id])


BASIC = ENVIRONMENT_BASIC.only("id", "name", "slug", "external_url")
SHOWN = BASIC.plus(project=_project).called("Environment")
NAME = dsl.param("name", str, "The new name of the environment")
v3.dialect.show({ENVIRONMENT: SHOWN, ENVIRONMENT_BASIC: BASIC})
v3.locator(EACH, integer=True)(environments.find_to_change)

v3.adopt(v4, "GET", AT, filters=())
v3.adopt(v4, "POST", AT, takes=("name", "external_url", "slug"))
v3.adopt(v4, "PUT", EACH, takes=(NAME, "external_url", "slug"))
v3.adopt(v4, "DELETE", EACH, rule=rights.WRITE, gives_back=SHOWN)
