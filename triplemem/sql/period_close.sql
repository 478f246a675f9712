UPDATE period SET system_to = ? WHERE ns = ? AND fact = ? AND system_from = ? AND valid_from = ?
