UPDATE verdict SET quote_from = :start, quote_to = :end WHERE ns = :ns AND id = :id
