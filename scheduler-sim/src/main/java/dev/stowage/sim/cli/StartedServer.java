package dev.stowage.sim.cli;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL server that was started for a run, and can be killed and started again. */
final class StartedServer implements AutoCloseable {
  private static final long MOST_SECONDS = 120;

  private final EmbeddedPostgres server;

  private StartedServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * A fresh server. What it has acknowledged it still has when its processes were killed.
   *
   * @throws IOException if it does not start
   */
  static StartedServer start() throws IOException {
    return new StartedServer(
        EmbeddedPostgres.builder().setServerConfig("synchronous_commit", "on").start());
  }

  String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** Ends all its processes at once, as a power cut would, and starts it again. */
  void kill() {
    try {
      Path data = Path.of(asked("SHOW data_directory"));
      Path programs = Path.of(asked("SELECT setting FROM pg_config WHERE name = 'BINDIR'"));
      String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim();
      end(Long.parseLong(pid));
      startAgain(data, programs);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server was killed", interrupted);
    } catch (IOException | SQLException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the server cannot be killed and started again", e);
    }
  }

  private String asked(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void end(long postmaster)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<ProcessHandle> all = new ArrayList<>();
    ProcessHandle.of(postmaster)
        .ifPresent(process -> {
          all.add(process);
          process.descendants().forEach(all::add);
        });
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle process : all) {
      process.onExit().get(MOST_SECONDS, TimeUnit.SECONDS);
    }
  }

  /** With the options that it wrote down when it was started first. */
  private static void startAgain(Path data, Path programs)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    if (Integer.valueOf(0).equals(Files.getAttribute(data.getParent(), "unix:uid"))) {
      command.addAll(List.of("unshare", "-U")); // its programs refuse the superuser of a machine
    }
    command.add(programs.resolve("pg_ctl").toString());
    command.addAll(List.of("-D", data.toString(), "-w", "-t", Long.toString(MOST_SECONDS)));
    Path said = Files.createTempFile("stowage-server", ".log");
    command.addAll(List.of("-l", said.toString(), "restart"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    int code = process.waitFor();
    String words = Files.readString(said);
    Files.delete(said);
    if (code != 0) {
      throw new IOException(String.join(" ", command) + ": " + words);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException("the server that was started does not end", e);
    }
  }
}
