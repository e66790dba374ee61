"""``python -m mockgitlab``."""

import sys

from mockgitlab.cli import main

sys.exit(main())
