"""The GitLab CI API v1, of the separate application GitLab CI and as it was part of GitLab 8 and 9.

It shows the same projects, jobs, pipelines and runners as the other APIs, in its own words.
"""
