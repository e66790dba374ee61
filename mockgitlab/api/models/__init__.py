"""What GitLab keeps: its records as entities, with the shapes in which answers show them. Shared by all its APIs."""
