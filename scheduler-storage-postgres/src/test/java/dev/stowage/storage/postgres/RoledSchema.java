package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;

/** The schema of a fleet with its roles, and a login in each of them. */
final class RoledSchema implements AutoCloseable {
  enum Role {
    OWNER,
    SCHEDULER,
    OPERATOR,
    INGESTER,
    REPORTER,
    READER;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  final TestServer server = TestServer.get();
  final String name = server.freshSchema();
  private final Map<Role, HikariDataSource> sources = new EnumMap<>(Role.class);

  RoledSchema() {
    String sql = StoreRoles.sql(name, name);
    server.execute(sql);
    for (Role role : Role.values()) {
      server.execute(
          "CREATE ROLE "
              + login(role)
              + " LOGIN PASSWORD 'word' IN ROLE "
              + name
              + "_"
              + role.text());
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(server.url().replaceAll("([?&])(user|password)=[^&]*", "$1"));
      config.setUsername(login(role));
      config.setPassword("word");
      config.setMaximumPoolSize(8);
      config.setMinimumIdle(0);
      sources.put(role, new HikariDataSource(config));
    }
    builder(source(Role.OWNER)).open().close();
    server.execute(sql);
    server.execute(sql);
  }

  String login(Role role) {
    return name + "_u_" + role.text();
  }

  HikariDataSource source(Role role) {
    return java.util.Objects.requireNonNull(sources.get(role));
  }

  PostgresChunkStore.Builder builder(DataSource source) {
    return PostgresChunkStore.builder(source).schema(name).withoutListening().withoutTrustedClock();
  }

  String in(String sql) {
    return sql.replace("$.", name + ".");
  }

  void as(Role role, String sql) throws SQLException {
    try (Connection connection = source(role).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(in(sql));
    }
  }

  /** Asserts that the server refuses a statement for want of a right, or by a check of a row. */
  void assertRefused(Role role, String sql) {
    assertThatThrownBy(() -> as(role, sql))
        .as("%s: %s", role, sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isIn("42501", "23502", "23514"));
  }

  long rows(String of) {
    return server.number("SELECT count(*) FROM " + name + "." + of);
  }

  @Override
  public void close() {
    sources.values().forEach(HikariDataSource::close);
    server.execute("DROP SCHEMA " + name + " CASCADE");
    for (Role role : Role.values()) {
      server.execute("DROP ROLE " + login(role));
      server.execute("DROP ROLE " + name + "_" + role.text());
    }
  }
}
