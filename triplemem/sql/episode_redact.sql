UPDATE episode SET text = :text, redacted = 1 WHERE ns = :ns AND id = :id
