// The audit trail between two times, in microseconds since 1970
// :param namespace => 'acme/users/42'
// :param since => 0
// :param until => 9223372036854775807
// Columns: event
MATCH (e:Event {namespace: $namespace})
USING INDEX SEEK e:Event(namespace, at)
WHERE e.at >= $since AND e.at < $until
RETURN properties(e) AS event ORDER BY e.at, e.id
