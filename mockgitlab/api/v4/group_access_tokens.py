"""Group access tokens. Source: https://docs.gitlab.com/api/group_access_tokens/."""

from mockgitlab.api.v4.resource_access_tokens import declare

declare("groups", "group_access_tokens", since="14.7")
