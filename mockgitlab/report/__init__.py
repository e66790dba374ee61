"""What happened: the journal of requests, and what is made of it. Knows nothing of HTTP servers."""
