UPDATE verdict SET fact = :fact WHERE ns = :ns AND id = :id
