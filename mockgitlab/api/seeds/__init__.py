"""What scenarios may hold: how their users, tokens, groups, projects and all below become records."""
