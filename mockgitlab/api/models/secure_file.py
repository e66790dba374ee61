"""Secure files: keys and certificates that jobs of a project may fetch.

Source: https://docs.gitlab.com/api/secure_files/ and GitLab's app/models/ci/secure_file.rb.
"""

import hashlib
from typing import Any

from mockgitlab import dsl


class SecureFile(dsl.Entity):
    """A file that is kept outside the repository, for jobs alone."""

    natural = "name"

    id: int = dsl.serial()
    project_id: int = dsl.hidden()
    name: str = dsl.required("The name of the file")
    data: Any = dsl.hidden("What is in it")
    created_at: str = dsl.now()
    expires_at: str | None = dsl.readonly("When the certificate in it expires")
    metadata: dict[str, Any] | None = dsl.readonly("What is known of the certificate in it")

    @dsl.computed
    def checksum(self, view: dsl.View) -> str:
        """The SHA-256 of its content."""
        return hashlib.sha256(self.data or b"").hexdigest()

    @dsl.computed
    def checksum_algorithm(self, view: dsl.View) -> str:
        """How the checksum is made."""
        return "sha256"

    @dsl.computed_in(since="15.7")
    def file_extension(self, view: dsl.View) -> str | None:
        """How the name ends, after its last dot."""
        stem, dot, ending = self.name.rpartition(".")
        return ending or None if dot and stem else None


SECURE_FILE = SecureFile.shape(
    *("id", "name", "checksum", "checksum_algorithm", "created_at", "expires_at", "metadata", "file_extension"),
    name="Ci_SecureFile",
)
