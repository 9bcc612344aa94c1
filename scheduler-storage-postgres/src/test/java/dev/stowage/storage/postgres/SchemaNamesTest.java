package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.WorkerId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas whose names are words of SQL, names that are refused, and first starts that fail. */
class SchemaNamesTest {
  private static final Migrations FAILING = new Migrations(List.of("V1__fails.sql"));

  private final TestServer server = TestServer.get();

  @ParameterizedTest
  @ValueSource(strings = {"user", "table"})
  void wordOfSql_isASchemaLikeAnyOther(String word) {
    try (PostgresChunkStore store = builder(word).open();
        PostgresChunkStore other = builder(word).setup(SchemaSetup.VALIDATE).open();
        Stowage stowage = SmallFleet.facade(store, "leader")) {
      SmallFleet fleet = new SmallFleet(stowage);
      stowage.claim(fleet.now());
      fleet.join(10_000, "a", "b", "c").ingest(SmallFleet.chunk("c1", 0)).settle();
      assertThat(other.ask(Questions.status(List.of(SmallFleet.key("c1")))).get(0).state())
          .contains(ChunkState.VISIBLE);
      assertThat(other.audit().problems()).isEmpty();
      assertThat(other.agedReader().slice(WorkerId.of("a")).value()).isPresent();
    } finally {
      server.execute("DROP SCHEMA IF EXISTS \"" + word + "\" CASCADE");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Fleet", "fleet eu", "fleet.eu", "fle\"et", "fle'et", "", "1fleet", "pg_fleet"})
  void nameOfAnotherForm_isRefusedByTheBuilder(String name) {
    assertThatThrownBy(() -> builder(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "schema is '"
                + name
                + "'; 1 to 48 lower-case letters, digits and underscores are accepted, beginning"
                + " with a letter and not with pg_");
  }

  @Test
  void firstStartThatFails_isContinuedByTheNextOne() {
    String schema = server.freshSchema();
    assertThatThrownBy(() -> builder(schema).migrations(FAILING).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("schema " + schema);
    assertThatThrownBy(() -> builder(schema).setup(SchemaSetup.VALIDATE).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has no fleet");
    builder(schema).open().close();
    server.execute("DROP SCHEMA " + schema + " CASCADE");
  }

  @Test
  void laterStartThatFails_leavesTheFleetAsItWas() {
    String schema = server.freshSchema();
    builder(schema).open().close();
    long before = tables(schema);
    Migrations later = new Migrations(List.of("V1__fleet.sql", "V2__fails.sql"));
    assertThatThrownBy(() -> builder(schema).migrations(later).open())
        .isInstanceOf(IllegalStateException.class);
    assertThat(tables(schema)).isEqualTo(before);
    builder(schema).setup(SchemaSetup.VALIDATE).open().close();
    server.execute("DROP SCHEMA " + schema + " CASCADE");
  }

  private PostgresChunkStore.Builder builder(String schema) {
    return PostgresChunkStore.builder(server.source()).withoutTrustedClock().schema(schema);
  }

  private long tables(String schema) {
    return server.number("SELECT count(*) FROM pg_tables WHERE schemaname = '" + schema + "'");
  }
}
