"""Words for the client: templates, what fills them in, and which reply was sent."""
