"""Messages that everybody on the instance sees, for administrators.

Source: GitLab 8's doc/api/broadcast_messages.md and lib/api/broadcast_messages.rb.
"""

from mockgitlab.api import access
from mockgitlab.api.models.broadcast_message import BROADCAST_MESSAGE
from mockgitlab.api.v3.base import v3
from mockgitlab.api.v4.base import v4
from mockgitlab.api.v4.broadcast_messages import find_message

AT = "broadcast_messages/:id"
ATTRIBUTES = ("message", "starts_at", "ends_at", "color", "font")
SHOWN = BROADCAST_MESSAGE.only("id", *ATTRIBUTES, "active")
v3.dialect.show({BROADCAST_MESSAGE: SHOWN})
v3.locator(AT, integer=True)(find_message)

v3.adopt(v4, "GET", "broadcast_messages", rule=access.ADMIN)
v3.adopt(v4, "POST", "broadcast_messages", rule=access.ADMIN, takes=ATTRIBUTES)
v3.adopt(v4, "GET", AT, rule=access.ADMIN)
v3.adopt(v4, "PUT", AT, rule=access.ADMIN, takes=ATTRIBUTES)
v3.adopt(v4, "DELETE", AT, rule=access.ADMIN, gives_back=SHOWN)
