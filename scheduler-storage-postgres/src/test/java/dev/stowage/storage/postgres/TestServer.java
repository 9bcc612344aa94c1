package dev.stowage.storage.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.stowage.columns.RandomToken;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipFile;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The server that the tests of this JVM run on: the one at {@code STOWAGE_TEST_JDBC_URL} if that is
 * set, else one from embedded binaries, which ends with the JVM. Each fixture has a schema of its
 * own in it, whose name no other JVM draws.
 */
public final class TestServer {
  private static final TestServer ONLY = start();

  private static final String DRAWN = Long.toHexString(RandomToken.draw());

  private final String url;
  private final HikariDataSource source;
  private static final AtomicInteger schemas = new AtomicInteger();

  /** A server at an address that names the user. */
  TestServer(String url) {
    this.url = url;
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(20);
    config.setMinimumIdle(0);
    source = new HikariDataSource(config);
  }

  public static TestServer get() {
    return ONLY;
  }

  String url() {
    return url;
  }

  public DataSource source() {
    return source;
  }

  /** A schema that nobody has used; left behind on a server that is not ours, and named so. */
  String freshSchema() {
    return "stowage_test_" + DRAWN + "_" + schemas.incrementAndGet();
  }

  void execute(String sql) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  long number(String query) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }

  private static TestServer start() {
    String given = System.getenv("STOWAGE_TEST_JDBC_URL");
    if (given != null && !given.isEmpty()) {
      return new TestServer(given);
    }
    try {
      EmbeddedPostgres started =
          embedded()
              .setServerConfig("full_page_writes", "off")
              .setServerConfig("max_connections", "60")
              .start();
      return new TestServer(started.getJdbcUrl("postgres", "postgres"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns a server to be started for one test class, from the binaries in the jar that the system
   * property {@code stowage.test.postgres} names if it is set, else from those of the class path.
   */
  static EmbeddedPostgres.Builder embedded() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofMinutes(1))
            .setServerConfig("fsync", "off");
    String binaries = System.getProperty("stowage.test.postgres");
    if (binaries != null && !binaries.isEmpty()) {
      builder.setPgBinaryResolver((system, architecture) -> archive(Path.of(binaries)));
    }
    return builder;
  }

  /**
   * Returns the server in a container of the image {@code STOWAGE_TEST_IMAGE}, which ends with the
   * JVM. The test is skipped, and says so, if no image is named.
   */
  static TestServer inContainer() {
    String image = System.getenv("STOWAGE_TEST_IMAGE");
    Assumptions.assumeTrue(
        image != null && !image.isEmpty(),
        "STOWAGE_TEST_IMAGE names no image: nothing was tried in a container");
    return Contained.ONLY;
  }

  private static final class Contained {
    static final TestServer ONLY = new TestServer(container(System.getenv("STOWAGE_TEST_IMAGE")));
  }

  private static String container(String image) {
    PostgreSQLContainer server =
        new PostgreSQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"));
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    server.setCommand("postgres", "-c", "fsync=off", "-c", "max_connections=60");
    // Over TCP: images that prepare the database with a first server let nobody in there that way.
    server.setWaitStrategy(Wait.forSuccessfulCommand("pg_isready -h 127.0.0.1"));
    server.start();
    return server.getJdbcUrl()
        + "&user="
        + server.getUsername()
        + "&password="
        + server.getPassword();
  }

  /** The archive of binaries in a jar that is not on the class path. */
  private static InputStream archive(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      var entry =
          zip.stream().filter(it -> it.getName().endsWith(".txz")).findFirst().orElseThrow();
      Path copy = Files.createTempFile("postgres", ".txz");
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
      copy.toFile().deleteOnExit();
      return Files.newInputStream(copy);
    }
  }
}
