package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that does not let the user in, one that is too old, and a pool that is closed. */
@Tag("deep")
class RefusedServerTest {
  @TempDir private Path folder;

  @Test
  void wrongPassword_isNotLetIn_andTheRightOneIs() throws IOException, SQLException {
    Path rules = folder.resolve("pg_hba.conf");
    Files.writeString(
        rules,
        "host all guarded all scram-sha-256\nhost all all all trust\n",
        StandardCharsets.US_ASCII);
    try (EmbeddedPostgres server =
        TestServer.embedded().setServerConfig("hba_file", rules.toString()).start()) {
      execute(
          server.getPostgresDatabase(),
          "CREATE ROLE guarded LOGIN PASSWORD 'right';"
              + " GRANT CREATE ON DATABASE postgres TO guarded");
      String url = server.getJdbcUrl("guarded", "postgres").replaceFirst("\\?.*", "");

      assertThatThrownBy(() -> PostgresChunkStore.builder(url, "guarded", "wrong").open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("guarded")
          .hasMessageContaining("give a user and a password that the server accepts")
          .hasMessageNotContaining("wrong");
      assertThatThrownBy(() -> PostgresChunkStore.builder(url, "guarded", "").open())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("password");
      try (PostgresChunkStore store = PostgresChunkStore.builder(url, "guarded", "right").open()) {
        assertThat(store.lease()).isEmpty();
      }
    }
  }

  @Test
  void serverOlderThanTheOldest_isRefused_beforeAnythingIsMade() {
    String schema = TestServer.get().freshSchema();
    DataSource old = reporting(TestServer.get().source(), PostgresChunkStore.OLDEST_SERVER - 1);

    assertThatThrownBy(() -> PostgresChunkStore.builder(old).schema(schema).open())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("PostgreSQL 13")
        .hasMessageContaining("14 or later");
    assertThatThrownBy(() ->
            PostgresChunkStore.builder(TestServer.get().source())
                .schema(schema)
                .setup(SchemaSetup.VALIDATE)
                .open())
        .as("the schema is missing")
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("MIGRATE");
  }

  @Test
  void poolThatIsClosed_besideACallThatIsOver_doesNotFailIt() {
    AtomicBoolean isClosed = new AtomicBoolean();
    Change closing = done -> Objects.requireNonNull(isClosed.get() ? null : this, "gone");
    DataSource source =
        instead(
            DataSource.class,
            TestServer.get().source(),
            "getConnection",
            each -> instead(Connection.class, (Connection) each, "close", closing));
    try (PostgresFixture fixture = new PostgresFixture();
        PostgresChunkStore store =
            PostgresChunkStore.builder(source).schema(fixture.schema()).open()) {
      isClosed.set(true);
      assertThat(store.lease()).isEmpty();
    }
  }

  private static void execute(DataSource source, String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns a data source that reports another major version of the server. */
  private static DataSource reporting(DataSource source, int major) {
    return instead(
        DataSource.class,
        source,
        "getConnection",
        connection ->
            instead(
                Connection.class,
                (Connection) connection,
                "getMetaData",
                data ->
                    instead(
                        DatabaseMetaData.class,
                        (DatabaseMetaData) data,
                        "getDatabaseMajorVersion",
                        version -> major)));
  }

  private interface Change {
    Object of(Object answer);
  }

  private static <T> T instead(Class<T> type, T real, String method, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, called, values) -> {
              Object answer = call(real, called, values);
              return called.getName().equals(method) ? change.of(answer) : answer;
            }));
  }

  private static Object call(Object real, Method called, Object[] values) throws Throwable {
    try {
      return called.invoke(real, values);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
