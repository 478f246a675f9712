UPDATE fact SET support = ? WHERE ns = ? AND id = ?
