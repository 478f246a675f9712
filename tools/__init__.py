"""What the project's own documents are generated with."""
