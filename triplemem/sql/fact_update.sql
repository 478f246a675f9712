UPDATE fact SET holds_to = ?, support = ?, indexed = ?, rejected = ?, moved_to = ? WHERE ns = ? AND id = ?
