// Facts and episodes by their words: a Lucene expression whose every term begins with the namespace's number
// :param expression => '+12fbob'
// :param limit => 100
// Columns: id
CALL db.index.fulltext.queryNodes('triplemem_words', $expression, {limit: $limit}) YIELD node
RETURN node.id AS id
