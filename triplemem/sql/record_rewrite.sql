UPDATE record SET body = :body WHERE ns = :ns AND id = :id
