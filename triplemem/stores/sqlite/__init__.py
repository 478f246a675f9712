"""The embedded store: one SQLite file, many namespaces, several processes."""
