// The schema, version 2: what `triplemem admin init` creates. Idempotent; each statement runs by itself.
// Namespaces come first in every index, so that nothing of another one is read.
CREATE CONSTRAINT triplemem_meta IF NOT EXISTS FOR (x:Meta) REQUIRE x.key IS UNIQUE;
CREATE CONSTRAINT triplemem_namespace IF NOT EXISTS FOR (x:Namespace) REQUIRE x.path IS UNIQUE;
CREATE CONSTRAINT triplemem_memory IF NOT EXISTS FOR (x:Memory) REQUIRE (x.namespace, x.id) IS UNIQUE;
CREATE INDEX triplemem_event IF NOT EXISTS FOR (x:Event) ON (x.namespace, x.at);
CREATE INDEX triplemem_event_fact IF NOT EXISTS FOR (x:Event) ON (x.namespace, x.fact);
CREATE INDEX triplemem_event_cause IF NOT EXISTS FOR (x:Event) ON (x.namespace, x.cause);
CREATE INDEX triplemem_episode_identity IF NOT EXISTS FOR (x:Episode) ON (x.namespace, x.identity);
CREATE INDEX triplemem_episode_occurred IF NOT EXISTS FOR (x:Episode) ON (x.namespace, x.occurred_at);
CREATE INDEX triplemem_episode_session IF NOT EXISTS FOR (x:Episode) ON (x.namespace, x.session, x.occurred_at);
CREATE INDEX triplemem_episode_source IF NOT EXISTS FOR (x:Episode) ON (x.namespace, x.source_id);
CREATE INDEX triplemem_fact_subject IF NOT EXISTS FOR (x:Fact) ON (x.namespace, x.subject, x.predicate, x.holds_to);
CREATE INDEX triplemem_fact_object IF NOT EXISTS FOR (x:Fact) ON (x.namespace, x.object, x.predicate, x.holds_to);
CREATE INDEX triplemem_fact_predicate IF NOT EXISTS FOR (x:Fact) ON (x.namespace, x.predicate, x.holds_to);
CREATE INDEX triplemem_fact_moved IF NOT EXISTS FOR (x:Fact) ON (x.namespace, x.moved_to);
CREATE INDEX triplemem_entity_name IF NOT EXISTS FOR (x:Entity) ON (x.namespace, x.name);
CREATE INDEX triplemem_fact_due IF NOT EXISTS FOR (x:Fact) ON (x.namespace, x.due);
CREATE INDEX triplemem_record IF NOT EXISTS FOR (x:Record) ON (x.namespace, x.kind, x.name, x.id);
CREATE INDEX triplemem_undone IF NOT EXISTS FOR (x:Undone) ON (x.namespace);
CREATE FULLTEXT INDEX triplemem_words IF NOT EXISTS FOR (x:Fact|Episode) ON EACH [x.words] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace', `fulltext.eventually_consistent`: false}};
