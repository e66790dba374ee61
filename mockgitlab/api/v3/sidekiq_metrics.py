"""What Sidekiq has to do. Source: GitLab 8's doc/api/sidekiq_metrics.md and lib/api/sidekiq_metrics.rb."""

from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4

for _name in ("queue_metrics", "process_metrics", "job_stats", "compound_metrics"):
    v3.adopt(v4, "GET", f"sidekiq/{_name}")
