"""What MkDocs sees of the machinery; nothing else imports MkDocs."""
