package dev.stowage.storage.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A primary and a hot standby that follows it by streaming replication, in a folder. */
final class ReplicatedServer implements AutoCloseable {
  private final Path primaryData;
  private final Path standbyData;
  private EmbeddedPostgres primary;
  private EmbeddedPostgres standby;

  ReplicatedServer(Path folder) throws Exception {
    primaryData = folder.resolve("primary");
    standbyData = folder.resolve("standby");
    primary = server(primaryData).start();
    copy();
    standby = server(standbyData).start();
  }

  private static EmbeddedPostgres.Builder server(Path data) {
    return TestServer.embedded(data).setServerConfig("wal_keep_size", "256MB");
  }

  private void copy() throws Exception {
    try (Connection connection = DriverManager.getConnection(primaryUrl());
        Statement statement = connection.createStatement()) {
      boolean isOld = connection.getMetaData().getDatabaseMajorVersion() < 15;
      statement.execute(
          isOld
              ? "SELECT pg_start_backup('standby', true, false)"
              : "SELECT pg_backup_start('standby', true)");
      try (Stream<Path> files = Files.walk(primaryData)) {
        for (Path file : files.sorted().toList()) {
          copy(file, standbyData.resolve(primaryData.relativize(file)));
        }
      }
      String stops = isOld ? "pg_stop_backup(false)" : "pg_backup_stop(false)";
      try (ResultSet label = statement.executeQuery("SELECT labelfile FROM " + stops)) {
        label.next();
        Files.writeString(standbyData.resolve("backup_label"), label.getString(1));
      }
    }
    Files.setPosixFilePermissions(standbyData, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(standbyData.resolve("standby.signal"), "");
    Files.writeString(
        standbyData.resolve("postgresql.auto.conf"),
        "primary_conninfo = 'host=localhost port=" + primary.getPort() + " user=postgres'\n");
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(from)) {
      Files.createDirectories(to);
    } else if (!from.getFileName().toString().startsWith("postmaster.")
        && !from.getFileName().toString().equals("epg-lock")) {
      try {
        Files.copy(from, to);
      } catch (NoSuchFileException e) {
        // Files come and go while a server runs.
        Files.deleteIfExists(to);
      }
    }
  }

  int primaryPort() {
    return primary.getPort();
  }

  String primaryUrl() {
    return primary.getJdbcUrl("postgres", "postgres");
  }

  String standbyUrl() {
    return standby.getJdbcUrl("postgres", "postgres");
  }

  /** Returns an address that connects to whichever server accepts writes. */
  String bothUrl() {
    return "jdbc:postgresql://localhost:"
        + primary.getPort()
        + ",localhost:"
        + standby.getPort()
        + "/postgres?user=postgres&targetServerType=primary";
  }

  void onPrimary(String sql) {
    execute(primaryUrl(), sql);
  }

  void onStandby(String sql) {
    execute(standbyUrl(), sql);
  }

  private static void execute(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new AssertionError(sql, e);
    }
  }

  static String text(String url, String query) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(query, e);
    }
  }

  /** Waits until the standby has all that the primary has written by now. */
  void awaitReplay() {
    // Cycles that change nothing commit without waiting for the disk.
    onPrimary("CREATE TABLE IF NOT EXISTS public.flushed (); DROP TABLE public.flushed");
    String end = text(primaryUrl(), "SELECT pg_current_wal_lsn()");
    await(() -> text(standbyUrl(), "SELECT pg_last_wal_replay_lsn() >= '" + end + "'").equals("t"));
  }

  static void await(BooleanSupplier holds) {
    for (int asked = 0; asked < 3_000; asked++) {
      if (holds.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    throw new AssertionError("not true within half a minute");
  }

  void stopStandby() throws IOException {
    standby.close();
  }

  void startStandby() throws IOException {
    standby = server(standbyData).setPort(standby.getPort()).start();
  }

  /** Starts the primary again after it was killed. */
  void startPrimary() throws IOException {
    primary.close();
    primary = server(primaryData).setPort(primary.getPort()).start();
  }

  /** Kills every process of the primary at once. */
  void killPrimary() throws Exception {
    List<ProcessHandle> all = new ArrayList<>();
    String pid = Files.readAllLines(primaryData.resolve("postmaster.pid")).get(0).strip();
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

  @Override
  public void close() {
    try {
      standby.close();
      primary.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
