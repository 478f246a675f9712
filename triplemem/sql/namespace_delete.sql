DELETE FROM namespace WHERE n = ?
