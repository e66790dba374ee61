"""The integrations that GitLab had while it had its API v3, and has no more.

Source: GitLab 8's doc/api/services.md and app/models/project_services/.
"""

from mockgitlab.api.models.integration_kinds import Kind, flag, kind, link, need, secret, text

OLD_KINDS: dict[str, Kind] = {
    one.slug: one
    for one in (
        kind(
            *("builds-email", "Builds emails", "job"),
            need("recipients", "Email addresses, with commas between"),
            flag("add_pusher", "Whether who pushed is told, too"),
            flag("notify_only_broken_builds", "Whether to tell of failed builds alone"),
        ),
        kind("flowdock", "Flowdock", "push", secret("token", "The token of the flow")),
        kind(
            *("gemnasium", "Gemnasium", "push"),
            secret("api_key", "The key of a user there"),
            secret("token", "The slug of the project there"),
        ),
        kind(
            *("gitlab-ci", "GitLab CI", "push tag_push"),
            secret("token", "The token of the project there"),
            link("project_url", "The project there"),
        ),
        kind(
            *("hipchat", "HipChat", "push issue merge_request note tag_push job"),
            secret("token", "The token of the room"),
            text("room", "The name or ID of the room"),
            text("color", "The colour of messages"),
            flag("notify", "Whether people there are notified"),
            text("api_version", "The version of its API; else v2"),
            text("server", "The server; else that of HipChat"),
        ),
        kind(
            *("kubernetes", "Kubernetes", ""),
            need("namespace", "The namespace"),
            link("api_url", "The API of the cluster"),
            secret("token", "The token of the cluster"),
            text("ca_pem", "The certificate of the cluster's authority"),
        ),
    )
}
"""Each by its slug."""
