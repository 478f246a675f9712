UPDATE entity SET name = :name, kind = :kind, merged = :merged, aliases = :aliases WHERE ns = :ns AND id = :id
