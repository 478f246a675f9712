UPDATE namespace SET vectors = vectors + 1 WHERE n = :ns
