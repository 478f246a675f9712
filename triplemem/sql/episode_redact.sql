UPDATE episode SET text = :text, redacted = :mark WHERE ns = :ns AND id = :id
