"""What is written to chats of what happens: one message of each event, and the body that each chat wants.

Source: GitLab's app/models/integrations/chat_message/ and app/models/concerns/integrations/base/.
"""
