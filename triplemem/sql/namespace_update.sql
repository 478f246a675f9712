UPDATE namespace SET recorded_at = ?, number = ?, tombstones = ?, definitions = ?, links = ?, merges = ?, verdicts = ? WHERE n = ?
