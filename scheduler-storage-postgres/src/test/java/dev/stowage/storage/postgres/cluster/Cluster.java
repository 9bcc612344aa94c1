package dev.stowage.storage.postgres.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A cluster of {@code cluster.sh}, in one mode and with one size of disk. */
final class Cluster {
  private static final Duration LONGEST = Duration.ofMinutes(4);

  private final Path folder;
  private final Path root;
  private final int base;
  private final boolean isSynchronous;
  private final int diskMegabytes;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  Cluster(Path folder, Path root, int base, boolean isSynchronous, int diskMegabytes) {
    this.folder = folder;
    this.root = root;
    this.base = base;
    this.isSynchronous = isSynchronous;
    this.diskMegabytes = diskMegabytes;
  }

  /** Holds what a script printed, and its exit status. */
  record Said(String text, int status) {}

  /** Runs a command of the script; a status of 124 stands for one that took too long. */
  Said run(String... words) {
    try {
      Path out = Files.createTempFile("stowage-cluster", ".out");
      try {
        ProcessBuilder builder =
            new ProcessBuilder("bash", folder.resolve("cluster.sh").toString());
        builder.command().addAll(List.of(words));
        builder.environment().put("BASE", String.valueOf(base));
        builder.environment().put("ROOT", root.toString());
        builder.environment().put("SYNC", String.valueOf(isSynchronous));
        builder.environment().put("DISK_MB", String.valueOf(diskMegabytes));
        builder.environment().put("SCHEMA", Fleet.SCHEMA);
        builder.redirectErrorStream(true).redirectOutput(out.toFile());
        Process process = builder.start();
        running.add(process);
        boolean isOver = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
        if (!isOver) {
          process.destroy();
        }
        running.remove(process);
        String text = Files.readString(out, StandardCharsets.UTF_8).strip();
        return new Said(text, isOver ? process.exitValue() : 124);
      } finally {
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Stops what the script is doing, which might start a server again, and the cluster. */
  void end() {
    for (Process each : running) {
      each.destroy();
      each.onExit().join();
    }
    run("down");
  }

  /** Runs a command of the script and throws if it fails. */
  String demand(String... words) {
    Said said = run(words);
    if (said.status() != 0) {
      throw new IllegalStateException(String.join(" ", words) + ": " + said.text());
    }
    return said.text();
  }

  /** Returns the address through HAProxy. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + (base + 301) + "/postgres?user=postgres";
  }

  /** Returns the address through the pooler, which pools transactions. */
  String pooledUrl() {
    return "jdbc:postgresql://127.0.0.1:" + (base + 401) + "/postgres?user=postgres";
  }

  /** Returns the address that names every server. */
  String severalHosts() {
    return "jdbc:postgresql://127.0.0.1:"
        + (base + 1)
        + ",127.0.0.1:"
        + (base + 2)
        + ",127.0.0.1:"
        + (base + 3)
        + "/postgres?user=postgres";
  }

  /** Returns where Patroni says whether the server at a port is the primary. */
  String primaryCheck(int port) {
    return "http://127.0.0.1:" + (port + 100) + "/primary";
  }

  /**
   * Returns the number of standbys that the primary calls synchronous and that follow it, waiting
   * for one if commits are to wait for it.
   */
  int synchronousStandbys() {
    int found = 0;
    for (int tries = 0; tries < 120; tries++) {
      found = ask();
      if (found > 0 || !isSynchronous) {
        return Math.max(0, found);
      }
      LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
    }
    return found;
  }

  private int ask() {
    try (Connection connection = DriverManager.getConnection(url() + "&socketTimeout=5");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state"
                    + " IN ('sync', 'quorum')")) {
      row.next();
      return row.getInt(1);
    } catch (SQLException e) {
      return -1;
    }
  }
}
