from typing import Any

import pytest

from tests.support import Api, seen

DEFAULTS = {
    "ci_instance_level_variables": 25,
    "ci_pipeline_size": 0,
    "ci_active_jobs": 0,
    "ci_active_pipelines": 0,
    "ci_project_subscriptions": 2,
    "ci_pipeline_schedules": 10,
    "ci_needs_size_limit": 50,
    "ci_registered_group_runners": 1000,
    "ci_registered_project_runners": 1000,
    "conan_max_file_size": 3221225472,
    "dotenv_size": 5120,
    "dotenv_variables": 20,
    "enforcement_limit": 0,
    "generic_packages_max_file_size": 5368709120,
    "helm_max_file_size": 5242880,
    "limits_history": {},
    "maven_max_file_size": 3221225472,
    "notification_limit": 0,
    "npm_max_file_size": 524288000,
    "nuget_max_file_size": 524288000,
    "pipeline_hierarchy_size": 1000,
    "pypi_max_file_size": 3221225472,
    "storage_size_limit": 0,
    "terraform_module_max_file_size": 1073741824,
}
PATH = "application/plan_limits"


@pytest.fixture
def api() -> Api:
    return Api()


def test_the_limits_are_gitlabs_own_until_they_are_changed(api: Api) -> None:
    assert seen(api.get(PATH)) == (200, DEFAULTS)
    assert list(api.get(PATH).json) == list(DEFAULTS)
    changed = api.put(PATH, plan_name="default", conan_max_file_size=10, ci_pipeline_size="20")
    assert seen(changed) == (200, {**DEFAULTS, "conan_max_file_size": 10, "ci_pipeline_size": 20})
    assert api.get(PATH, plan_name="default").json == changed.json


def test_who_changed_what_storage_is_allowed_is_told(api: Api) -> None:
    first: dict[str, Any] = {"user_id": 1, "username": "root", "timestamp": 1714554000, "value": 5}
    api.put(PATH, plan_name="default", enforcement_limit=5, notification_limit=0)
    api.server.advance("1m")
    changed = api.put(PATH, plan_name="default", enforcement_limit=6, storage_size_limit=7).json
    later = {**first, "timestamp": 1714554060}
    history = {"enforcement_limit": [first, {**later, "value": 6}], "storage_size_limit": [{**later, "value": 7}]}
    assert changed["limits_history"] == history


def test_there_is_one_plan_and_administrators_see_it(api: Api) -> None:
    assert seen(api.get(PATH, plan_name="gold")) == (404, {"message": "404 Plan Not Found"})
    assert api.put(PATH, plan_name="gold", ci_pipeline_size=1).status == 404
    assert seen(api.get(PATH, plan_name="lead")) == (400, {"error": "plan_name does not have a valid value"})
    assert seen(api.put(PATH, ci_pipeline_size=1)) == (400, {"message": '400 (Bad request) "plan_name" not given'})
    wrong = api.put(PATH, plan_name="default", ci_pipeline_size="many")
    assert seen(wrong) == (400, {"error": "ci_pipeline_size is invalid"})
    for method in ("GET", "PUT"):
        assert seen(api.request(method, PATH, "ada")) == (403, {"message": "403 Forbidden"})
        assert api.request(method, PATH, None).status == 401
