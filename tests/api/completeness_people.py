"""The calls for what groups know of their people besides members: custom roles, links, seats, who waits."""

from typing import Any

Step = tuple[str, str, str, dict[str, Any]]
ROLE = {"base_access_level": 20, "name": "role", "read_code": True}
LDAP = {"cn": "devs", "group_access": 30, "provider": "main"}
SAML = {"saml_group_name": "devs", "access_level": 30}
AT = "groups/:id"


def _of_parent(parents: str) -> list[Step]:
    at, accounts = f"{parents}/:id/service_accounts", f"{parents}/1/service_accounts"
    tokens, path = f"{at}/:user_id/personal_access_tokens", f"{accounts}/{{account}}/personal_access_tokens"
    return [
        (f"POST /{at}", accounts, "root", {}),
        (f"PATCH /{at}/:service_account_id", f"{accounts}/{{account}}", "root", {"name": "x"}),
        (f"POST /{tokens}", path, "root", {"name": "t", "scopes": ["api"], "expires_at": "2024-08-01"}),
        (f"POST /{tokens}/:personal_access_token_id/rotate", f"{path}/{{token}}/rotate", "root", {}),
    ]


STEPS: list[Step] = [
    ("POST /member_roles", "member_roles", "root", ROLE),
    (f"POST /{AT}/member_roles", "groups/1/member_roles", "root", ROLE),
    (f"POST /{AT}/ldap_group_links", "groups/1/ldap_group_links", "root", LDAP),
    (f"POST /{AT}/saml_group_links", "groups/1/saml_group_links", "root", SAML),
    ("POST /topics", "topics", "root", {"name": "t1", "title": "T"}),
    ("POST /topics", "topics", "root", {"name": "t2", "title": "T"}),
    ("PUT /topics/:id", "topics/1", "root", {"description": "d"}),
    ("POST /topics/merge", "topics/merge", "root", {"source_topic_id": 2, "target_topic_id": 1}),
    ("POST /service_accounts", "service_accounts", "root", {}),
    ("PATCH /service_accounts/:id", "service_accounts/{account}", "root", {"name": "x"}),
    *_of_parent("projects"),
    *_of_parent("groups"),
    (f"PUT /{AT}/members/:user_id/state", "groups/1/members/9/state", "root", {"state": "awaiting"}),
]
READS = {
    f"{AT}/service_accounts/:user_id": "groups/1/service_accounts/{account}",
    "projects/:id/service_accounts/:user_id": "projects/1/service_accounts/{project_account}",
    f"{AT}/billable_members/:user_id/indirect": "groups/1/billable_members/5/indirect",
    f"{AT}/saml_group_links/:name": "groups/1/saml_group_links/devs",
}


def noted(key: str, answer: Any) -> dict[str, Any]:
    """Return the ids that an answer tells and that later calls need."""
    if key.endswith("service_accounts"):
        return {"account": answer["id"], **({"project_account": answer["id"]} if "projects" in key else {})}
    return {"token": answer["id"]} if key.endswith("/:user_id/personal_access_tokens") else {}
