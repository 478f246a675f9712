-- Which of these episodes state anything, by claims recorded by then
SELECT e.value FROM json_each(:ids) AS e
WHERE EXISTS (SELECT 1 FROM claim WHERE ns = :ns AND episode = e.value AND recorded_at <= :known)
