"""Version and metadata. Source: https://docs.gitlab.com/api/metadata/ and https://docs.gitlab.com/api/version/."""

import hashlib
from typing import Any

from mockgitlab import dsl
from mockgitlab.api import access
from mockgitlab.api.v4.base import v4


@v4.get("version", "metadata", rule=access.USER)
def show_metadata(call: dsl.Call) -> dict[str, Any]:
    """Show which GitLab this is."""
    version = call.settings.version
    full = version if "-" in version else f"{version}-{call.settings.edition}"
    kas = {
        "enabled": True,
        "externalUrl": call.base.replace("http", "ws", 1) + "/-/kubernetes-agent/",
        "externalK8sProxyUrl": f"{call.base}/-/kubernetes-agent/k8s-proxy/",
        "version": version.split("-")[0],
    }
    revision = hashlib.sha256(full.encode()).hexdigest()[:11]
    return {"version": full, "revision": revision, "kas": kas, "enterprise": call.settings.edition == "ee"}
