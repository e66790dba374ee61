"""What scenarios may hold: how their users, tokens, groups, projects and all below become records."""

from mockgitlab import dsl
from mockgitlab.api.seeds.approvals import APPROVAL_RULES, APPROVALS, MERGE_REQUEST_APPROVAL_RULES
from mockgitlab.api.seeds.badges import BADGES
from mockgitlab.api.seeds.boards import BOARD_LISTS, BOARDS
from mockgitlab.api.seeds.container_repositories import CONTAINER_REPOSITORIES, CONTAINER_TAGS
from mockgitlab.api.seeds.deploy_keys import DEPLOY_KEYS
from mockgitlab.api.seeds.environments import DEPLOYMENTS, ENVIRONMENTS, PROTECTED_ENVIRONMENTS
from mockgitlab.api.seeds.epics import EPICS
from mockgitlab.api.seeds.events import EVENTS
from mockgitlab.api.seeds.feature_flags import FEATURE_FLAG_USER_LISTS, FEATURE_FLAGS
from mockgitlab.api.seeds.freeze_periods import FREEZE_PERIODS
from mockgitlab.api.seeds.groups import GROUPS, SUBGROUPS
from mockgitlab.api.seeds.hooks import HOOKS
from mockgitlab.api.seeds.integrations import INTEGRATIONS
from mockgitlab.api.seeds.issues import ISSUES
from mockgitlab.api.seeds.iterations import ITERATIONS
from mockgitlab.api.seeds.labels import LABELS
from mockgitlab.api.seeds.merge_requests import MERGE_REQUESTS
from mockgitlab.api.seeds.milestones import MILESTONES
from mockgitlab.api.seeds.mirrors import REMOTE_MIRRORS
from mockgitlab.api.seeds.notes import AWARDS, DISCUSSIONS, NOTES, REPLIES
from mockgitlab.api.seeds.packages import PACKAGE_FILES, PACKAGE_PROTECTION_RULES, PACKAGES, SECURE_FILES
from mockgitlab.api.seeds.pipeline_schedules import PIPELINE_SCHEDULE_VARIABLES, PIPELINE_SCHEDULES
from mockgitlab.api.seeds.pipelines import JOBS, PIPELINES
from mockgitlab.api.seeds.projects import PROJECTS, TOPICS
from mockgitlab.api.seeds.protected_refs import PROTECTED_BRANCHES, PROTECTED_TAGS
from mockgitlab.api.seeds.releases import RELEASE_LINKS, RELEASES
from mockgitlab.api.seeds.resource_groups import RESOURCE_GROUPS
from mockgitlab.api.seeds.runners import RUNNER_MANAGERS, RUNNERS
from mockgitlab.api.seeds.snippets import SNIPPETS
from mockgitlab.api.seeds.todos import TODOS
from mockgitlab.api.seeds.tokens import TOKENS
from mockgitlab.api.seeds.uploads import UPLOADS
from mockgitlab.api.seeds.users import EMAILS, GPG_KEYS, IDENTITIES, KEYS, USERS
from mockgitlab.api.seeds.variables import VARIABLES
from mockgitlab.api.seeds.wikis import WIKIS

COLLECTIONS: tuple[dsl.Collection, ...] = (
    USERS,
    KEYS,
    GPG_KEYS,
    EMAILS,
    IDENTITIES,
    LABELS,
    MILESTONES,
    ITERATIONS,
    EPICS,
    BOARDS,
    BOARD_LISTS,
    DEPLOY_KEYS,
    PROTECTED_BRANCHES,
    PROTECTED_TAGS,
    VARIABLES,
    FREEZE_PERIODS,
    ENVIRONMENTS,
    PROTECTED_ENVIRONMENTS,
    FEATURE_FLAG_USER_LISTS,
    FEATURE_FLAGS,
    RESOURCE_GROUPS,
    PIPELINE_SCHEDULES,
    PIPELINE_SCHEDULE_VARIABLES,
    RUNNERS,
    RUNNER_MANAGERS,
    PIPELINES,
    JOBS,
    PACKAGES,
    PACKAGE_FILES,
    PACKAGE_PROTECTION_RULES,
    SECURE_FILES,
    CONTAINER_REPOSITORIES,
    CONTAINER_TAGS,
    APPROVAL_RULES,
    REMOTE_MIRRORS,
    HOOKS,
    INTEGRATIONS,
    BADGES,
    RELEASES,
    RELEASE_LINKS,
    ISSUES,
    MERGE_REQUESTS,
    DEPLOYMENTS,
    SNIPPETS,
    WIKIS,
    UPLOADS,
    MERGE_REQUEST_APPROVAL_RULES,
    APPROVALS,
    NOTES,
    REPLIES,
    DISCUSSIONS,
    AWARDS,
    EVENTS,
    TODOS,
    TOPICS,
    GROUPS,
    SUBGROUPS,
    PROJECTS,
    TOKENS,
)
"""In the order in which they are made: what is referred to comes before what refers."""
