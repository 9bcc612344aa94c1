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
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.ZipFile;
import javax.sql.DataSource;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * The server that the tests of this JVM run on: the one at {@code STOWAGE_TEST_JDBC_URL} if that is
 * set, else one from embedded binaries, which ends with the JVM. Each fixture has a schema of its
 * own in it, whose name no other JVM draws.
 */
public final class TestServer {
  private static final String GIVEN = "STOWAGE_TEST_JDBC_URL";

  /** The jar with the binaries of another version than that of the class path, or nothing. */
  private static final String BINARIES = System.getProperty("stowage.test.postgres", "");

  private static final Path FOLDER = Path.of("target", "postgres").toAbsolutePath();

  private static final String DRAWN = Long.toHexString(RandomToken.draw());
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final TestServer ONLY = start();

  private final String url;
  private final HikariDataSource source;

  /** Schemas that a test has left empty for the next one. */
  final Deque<Home> vacant = new ConcurrentLinkedDeque<>();

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

  int port() {
    return Integer.parseInt(Driver.parseURL(url, new Properties()).getProperty("PGPORT"));
  }

  public DataSource source() {
    return source;
  }

  /** A schema that nobody has used; left behind on a server that is not ours, and named so. */
  String freshSchema() {
    return "stowage_test_" + DRAWN + "_" + COUNT.incrementAndGet();
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
    String answer = text(query);
    return answer == null ? 0 : Long.parseLong(answer);
  }

  /** Returns the one cell of an answer. */
  @Nullable String text(String query) {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }

  /** Lets commits wait for a standby that is not there, or lets them end again. */
  void waitForNobody(boolean isOn) {
    execute(
        isOn
            ? "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"
            : "ALTER SYSTEM RESET synchronous_standby_names");
    text("SELECT pg_reload_conf()");
    String wanted = isOn ? "nobody" : "";
    ReplicatedServer.await(() -> wanted.equals(text("SHOW synchronous_standby_names")));
    // The checkpointer tells commits whether to wait, and takes up settings before a checkpoint.
    execute("CHECKPOINT");
  }

  /** Returns the number of commits that wait for a standby. */
  long waiting() {
    return number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
  }

  private static TestServer start() {
    if (!isGiven()) {
      return started(embedded());
    }
    TestServer server = new TestServer(System.getenv(GIVEN));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> server.vacant.forEach(Home::drop)));
    return server;
  }

  private static boolean isGiven() {
    return !Objects.toString(System.getenv(GIVEN), "").isEmpty();
  }

  private static TestServer started(EmbeddedPostgres.Builder builder) {
    try {
      return new TestServer(builder.start().getJdbcUrl("postgres", "postgres"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Alone {
    static final TestServer ONLY = isGiven() ? started(embedded()) : get();
  }

  /** Returns a server of this JVM alone, whose settings a test may change and must put back. */
  static TestServer alone() {
    return Alone.ONLY;
  }

  private static final class Foreign {
    static final TestServer ONLY = started(plain(folder()));
  }

  /** Returns a server that is no copy, as the others are, and so has an identity of its own. */
  static TestServer foreign() {
    return Foreign.ONLY;
  }

  /** Returns a server on a data folder of its own, which is deleted when this JVM ends. */
  static EmbeddedPostgres.Builder embedded() {
    return embedded(folder());
  }

  /**
   * Returns a server to be started on a data folder, which is made if it is not there, from the
   * binaries in the jar that the system property {@code stowage.test.postgres} names if it is set,
   * else from those of the class path.
   */
  static EmbeddedPostgres.Builder embedded(Path data) {
    try {
      if (!Files.exists(data)) {
        copy(template(), data);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return plain(data);
  }

  private static EmbeddedPostgres.Builder plain(Path data) {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPGStartupWait(Duration.ofMinutes(1))
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setServerConfig("max_connections", "60");
    if (!BINARIES.isEmpty()) {
      builder.setPgBinaryResolver((system, architecture) -> archive(Path.of(BINARIES)));
    }
    // Tests judge what is stored, not when the disk has it.
    for (String off : List.of("fsync", "full_page_writes", "autovacuum")) {
      builder.setServerConfig(off, "off");
    }
    return builder;
  }

  /** Returns the data folder that the first JVM makes on this machine and all others copy. */
  private static Path template() throws IOException {
    String binaries =
        BINARIES.isEmpty()
            ? String.valueOf(TestServer.class.getResource("/postgres-linux-x86_64.txz"))
            : BINARIES;
    Path template = FOLDER.resolve("template-" + Integer.toHexString(binaries.hashCode()));
    if (!Files.exists(template)) {
      Path made = folder();
      plain(made).start().close();
      try {
        Files.move(made, template, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (!Files.exists(template)) { // else another JVM was first
          throw e;
        }
      }
    }
    return template;
  }

  private static Path folder() {
    Path data = FOLDER.resolve(DRAWN + "_" + COUNT.incrementAndGet());
    Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteOnceStopped(data)));
    return data;
  }

  private static void copy(Path from, Path to) throws IOException {
    Process copy = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
    if (copy.onExit().join().exitValue() != 0) {
      throw new IOException(from + " could not be copied to " + to);
    }
  }

  /** The server's own hook, which runs beside this one, stops it. */
  private static void deleteOnceStopped(Path data) {
    for (int asked = 0; asked < 600 && Files.exists(data.resolve("postmaster.pid")); asked++) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    FileUtils.deleteQuietly(data.toFile());
  }

  /** The archive of binaries in a jar that is not on the class path. */
  private static InputStream archive(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      var entry =
          zip.stream().filter(it -> it.getName().endsWith(".txz")).findFirst().orElseThrow();
      Path copy = Files.createTempFile("postgres", ".txz");
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      copy.toFile().deleteOnExit();
      return Files.newInputStream(copy);
    }
  }
}
