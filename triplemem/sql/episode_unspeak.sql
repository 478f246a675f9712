UPDATE episode SET speaker = :speaker, metadata = :metadata WHERE ns = :ns AND id = :id
