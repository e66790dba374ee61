"""The environment variables in which GitLab's clients look for an instance and a token."""

from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def environment(url: str, token: str, *, job_token: str = "") -> dict[str, str]:
    """Return the variables that point clients at an instance.

    They are those of python-gitlab, glab, semantic-release, renovate, danger, Terraform's provider, and of CI jobs
    (``CI_*``; ``CI_JOB_TOKEN`` only when there is a job token).
    """
    parts = urlsplit(url)
    port = str(parts.port or PORTS[parts.scheme])
    api = f"{url}/api/v4"
    found = {
        "GITLAB_URL": url,
        "GITLAB_TOKEN": token,
        "GITLAB_PRIVATE_TOKEN": token,
        "GITLAB_HOST": url,
        "GITLAB_API_HOST": parts.netloc,
        "API_PROTOCOL": parts.scheme,
        "GL_URL": url,
        "GL_TOKEN": token,
        "GITLAB_BASE_URL": api,
        "RENOVATE_PLATFORM": "gitlab",
        "RENOVATE_ENDPOINT": f"{api}/",
        "RENOVATE_TOKEN": token,
        "DANGER_GITLAB_HOST": parts.netloc,
        "DANGER_GITLAB_API_BASE_URL": api,
        "DANGER_GITLAB_API_TOKEN": token,
        "CI_SERVER_URL": url,
        "CI_SERVER_PROTOCOL": parts.scheme,
        "CI_SERVER_HOST": parts.hostname or "",
        "CI_SERVER_PORT": port,
        "CI_SERVER_FQDN": parts.netloc,
        "CI_API_V4_URL": api,
    }
    return {**found, "CI_JOB_TOKEN": job_token} if job_token else found
