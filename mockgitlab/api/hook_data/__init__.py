"""What webhooks are told of what happens: the payloads, one module for each kind of event."""
