"""One call of every operation on CI configurations, runners and packages that answers with a record."""

from typing import Any

MANAGER = {"system_id": "s_0", "version": "17.0.0"}
WORLD: dict[str, Any] = {
    "mockgitlab": 1,
    "projects": [
        {
            "path": "root/runs",
            "id": 901,
            "registry_repositories": [{"name": "app", "tags": [{"name": "latest"}]}],
            "runners": [{"id": 1, "token": "macs", "managers": [MANAGER]}, {"id": 2, "token": "linux"}],
        }
    ],
    "tokens": [{"kind": "registration", "token": "reg"}],
}
GENERIC = "PUT /projects/:id/packages/generic/:package_name/*package_version/:file_name"
RULES = "projects/:id/packages/protection/rules"
RULE = {"package_name_pattern": "app*", "package_type": "npm", "minimum_access_level_for_push": "maintainer"}
STEPS: list[tuple[str, str, str, dict[str, Any]]] = [
    (GENERIC, "projects/1/packages/generic/app/1.0/a.json", "root", {"any": "thing"}),
    (GENERIC, "projects/1/packages/generic/app/2.0/a.json", "root", {"any": "thing"}),
    (f"POST /{RULES}", "projects/1/packages/protection/rules", "root", RULE),
    (
        f"PATCH /{RULES}/:package_protection_rule_id",
        "projects/1/packages/protection/rules/1",
        "root",
        {"minimum_access_level_for_delete": "owner"},
    ),
    ("POST /projects/:id/ci/lint", "projects/1/ci/lint", "root", {"content": "a: {script: b}"}),
    ("POST /user/runners", "user/runners", "root", {"runner_type": "instance_type"}),
    ("POST /runners", "runners", "root", {"token": "reg"}),
    ("POST /runners/verify", "runners/verify", "root", {"token": "macs", "system_id": "s_1"}),
    ("PUT /runners/:id", "runners/1", "root", {"description": "d"}),
    ("POST /projects/:id/runners", "projects/1/runners", "root", {"runner_id": 1}),
    ("POST /runners/:id/reset_authentication_token", "runners/1/reset_authentication_token", "root", {}),
    ("POST /runners/reset_authentication_token", "runners/reset_authentication_token", "root", {"token": "linux"}),
    *(
        (f"POST /{at}runners/reset_registration_token", f"{path}runners/reset_registration_token", "root", {})
        for at, path in (("", ""), ("projects/:id/", "projects/1/"), ("groups/:id/", "groups/1/"))
    ),
]
"""The key of an operation, a path of it, who calls it, and what is given."""
