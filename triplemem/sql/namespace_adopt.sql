UPDATE namespace SET secret = ? WHERE n = ?
