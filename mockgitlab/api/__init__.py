"""The APIs of GitLab: what it keeps (``models``), who may do what (``access``), what it answers (``v4``, ``v3``)."""
