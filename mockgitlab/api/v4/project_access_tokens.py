"""Project access tokens. Source: https://docs.gitlab.com/api/project_access_tokens/."""

from mockgitlab.api.v4.resource_access_tokens import declare

declare("projects", "project_access_tokens", since="13.10")
