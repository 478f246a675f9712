SELECT path FROM namespace ORDER BY path
