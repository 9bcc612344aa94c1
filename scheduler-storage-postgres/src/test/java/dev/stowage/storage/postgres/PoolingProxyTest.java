package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.command.Command;
import dev.stowage.command.ProposedChunk;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.spi.Claim;
import dev.stowage.store.spi.StoreSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Behind a proxy that pools transactions, nothing is left behind in its connections. */
class PoolingProxyTest {
  private static final int CONNECTIONS = 6;

  private final TestServer proxy = PoolingProxy.get();
  private final List<PostgresChunkStore> opened = new ArrayList<>();
  private final PostgresFixture fixture = new PostgresFixture(TestServer.get(), any -> named());

  @AfterEach
  void dropSchema() {
    opened.forEach(PostgresChunkStore::close);
    fixture.close();
  }

  /** As a host would say it that has not read what to set. */
  private PostgresChunkStore.Builder named() {
    return PostgresChunkStore.builder(namingUrl()).withoutListening().withoutTrustedClock();
  }

  private String namingUrl() {
    return proxy.url().replace("prepareThreshold=0&", "");
  }

  private PostgresChunkStore open() {
    PostgresChunkStore store = fixture.connect();
    opened.add(store);
    return store;
  }

  @Test
  void noStatementHasAName_onAnyConnectionOfTheProxy() throws SQLException {
    PostgresChunkStore store = open();
    claim(store, "leader").found(LifecycleConfig.defaults());
    for (int i = 0; i < 10 * CONNECTIONS; i++) {
      PostgresFixture.append(store, new Command.Ingest(ProposedChunk.listOf(List.of(chunk(i)))));
    }
    assertThat(ofEveryConnection("SELECT count(*) FROM pg_prepared_statements")).containsOnly("0");
  }

  @Test
  void schemaThatIsToBeMade_isRefused_andToldWhere_whileOneThatIsThereServes() {
    String fresh = proxy.freshSchema();
    assertThatThrownBy(() -> named().schema(fresh).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("SchemaSetup.MIGRATE at the address of the server itself");
    assertThat(proxy.number("SELECT count(*) FROM pg_namespace WHERE nspname = '" + fresh + "'"))
        .isZero();
    claim(open(), "leader").found(LifecycleConfig.defaults());
  }

  @Test
  void sourceOfAHost_thatNamesStatements_isRefused_andToldWhatToSet() {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(namingUrl());
    try (HikariDataSource source = new HikariDataSource(config)) {
      assertThatThrownBy(() -> PostgresChunkStore.builder(source).schema(fixture.schema()).open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("prepareThreshold=0");
    }
    open();
  }

  @Test
  void settingThatTheProxyDoesNotKnow_isToBeIgnoredThere() {
    String url = proxy.url() + "&options=-c%20jit%3Doff";
    assertThatThrownBy(() -> PostgresChunkStore.builder(url).schema(fixture.schema()).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ignore_startup_parameters");
    open();
  }

  /** One answer of each of several connections to the server, in transactions open at once. */
  private List<String> ofEveryConnection(String query) throws SQLException {
    List<String> answers = new ArrayList<>();
    Set<String> processes = new HashSet<>();
    List<Connection> open = new ArrayList<>();
    try {
      for (int i = 0; i < CONNECTIONS; i++) {
        Connection connection = proxy.source().getConnection();
        open.add(connection);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
          processes.add(one(statement, "SELECT pg_backend_pid()"));
          answers.add(one(statement, query));
        }
      }
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
    assertThat(processes).as("connections seen").hasSize(CONNECTIONS);
    return answers;
  }

  private static String one(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static StoreSession claim(PostgresChunkStore store, String holder) {
    return ((Claim.Granted) store.claim(new LeaseRequest(holder, Duration.ofMinutes(5)))).session();
  }

  private static Chunk chunk(int number) {
    return Chunk.of(SmallFleet.key("c" + number), BlockRange.of(10L * number, 10L * number + 9), 1);
  }
}
