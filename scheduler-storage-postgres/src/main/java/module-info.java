/** The chunk store on PostgreSQL. */
@SuppressWarnings({"module", "requires-automatic"})
module dev.stowage.storage.postgres {
  // Flyway needs it and is no named module, so no other module requires it.
  requires com.fasterxml.jackson.databind;
  requires com.zaxxer.hikari;
  requires transitive dev.stowage.core;
  requires flyway.core;
  requires transitive java.sql;
  requires org.postgresql.jdbc;
  requires org.slf4j;
  requires static org.checkerframework.checker.qual;
  requires static org.jspecify;

  exports dev.stowage.storage.postgres;
  exports dev.stowage.storage.postgres.sql to
      dev.stowage.sim;
}
