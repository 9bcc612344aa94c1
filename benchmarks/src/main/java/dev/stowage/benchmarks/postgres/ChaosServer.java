package dev.stowage.benchmarks.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server in a separate folder that can be killed, restarted, copied and promoted. */
final class ChaosServer implements AutoCloseable {
  private static final String SETTINGS =
      " -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=on"
          + " -c max_connections=40 -c wal_level=replica -c max_wal_senders=4"
          + " -c wal_keep_size=256MB -c hot_standby=on";

  private final Path binaries;
  private final Path data;
  private final int port;

  private ChaosServer(Path binaries, Path data, int port) {
    this.binaries = binaries;
    this.data = data;
    this.port = port;
  }

  /** Returns the folder of the embedded server's programs, by starting it once. */
  static Path binaries() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().start();
        Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT setting FROM pg_config WHERE name = 'BINDIR'")) {
      rows.next();
      return Path.of(rows.getString(1));
    }
  }

  static ChaosServer fresh(Path binaries) throws Exception {
    Path data = Files.createTempDirectory("stowage-chaos").resolve("data");
    ChaosServer server = new ChaosServer(binaries, data, freePort());
    server.run("initdb", "-D", data.toString(), "-U", "postgres", "-A", "trust", "-E", "UTF8");
    server.start();
    return server;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres";
  }

  int port() {
    return port;
  }

  void start() throws Exception {
    run(
        "pg_ctl",
        "-D",
        data.toString(),
        "-l",
        data.resolveSibling("log").toString(),
        "-o",
        "-p " + port + SETTINGS,
        "-t",
        "120",
        "-w",
        "start");
  }

  /** Kills every process of the server at once: a power cut that keeps the disk's cache. */
  void kill() throws Exception {
    List<ProcessHandle> all = new ArrayList<>();
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim();
    ProcessHandle.of(Long.parseLong(pid))
        .ifPresent(postmaster -> {
          all.add(postmaster);
          postmaster.descendants().forEach(all::add);
        });
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : all) {
      process.onExit().get(1, TimeUnit.MINUTES);
    }
  }

  ChaosServer standby(boolean isSynchronous) throws Exception {
    Path copy = Files.createTempDirectory("stowage-standby").resolve("data");
    ChaosServer standby = new ChaosServer(binaries, copy, freePort());
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('stowage', true)");
      copyFiles(copy);
      try (ResultSet rows = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
        rows.next();
        Files.writeString(copy.resolve("backup_label"), rows.getString(1));
      }
      Files.writeString(copy.resolve("standby.signal"), "");
      Files.writeString(
          copy.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=postgres'\n");
      standby.start();
      if (isSynchronous) {
        statement.execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
        statement.execute("SELECT pg_reload_conf()");
      }
    }
    await(
        isSynchronous
            ? "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            : "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'");
    return standby;
  }

  /** Waits until this replica has everything that {@code primary} has committed by now. */
  void awaitReplayOf(ChaosServer primary) throws Exception {
    String end = primary.text("SELECT pg_current_wal_lsn()");
    await("SELECT (pg_last_wal_replay_lsn() >= '" + end + "')::integer");
  }

  private void await(String count) throws Exception {
    for (int asked = 0; asked < 600; asked++) {
      if (Integer.parseInt(text(count)) > 0) {
        return;
      }
      execute("SELECT pg_sleep(0.1)");
    }
    throw new IllegalStateException("not true within a minute: " + count);
  }

  private String text(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  void stop() throws Exception {
    run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "stop");
  }

  private void copyFiles(Path copy) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.sorted().toList()) {
        Path to = copy.resolve(data.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else if (!file.getFileName().toString().startsWith("postmaster.")) {
          copyIfThere(file, to);
        }
      }
    }
    Files.setPosixFilePermissions(
        copy, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
  }

  /** Copies a file unless it has vanished: files come and go while a server runs. */
  private static void copyIfThere(Path file, Path to) throws IOException {
    try {
      Files.copy(file, to);
    } catch (java.nio.file.NoSuchFileException e) {
      Files.deleteIfExists(to);
    }
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    try {
      if (Files.exists(data.resolve("postmaster.pid"))) {
        kill();
      }
      try (Stream<Path> files = Files.walk(data.getParent())) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("the server in " + data + " does not end", e);
    }
  }

  /**
   * Runs a program of the server. The programs refuse the superuser of the machine, so a user
   * namespace hides it.
   */
  private void run(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    Path home = data.getParent();
    if (Integer.valueOf(0).equals(Files.getAttribute(home, "unix:uid"))) {
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(binaries.resolve(program).toString());
    command.addAll(List.of(arguments));
    Path said = Files.createTempFile("stowage-chaos", ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    int code = process.waitFor();
    String words = Files.readString(said);
    Files.delete(said);
    if (code != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + words);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
