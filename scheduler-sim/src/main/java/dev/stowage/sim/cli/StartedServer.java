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
import org.jspecify.annotations.Nullable;

/** A PostgreSQL server that was started for a run, and can be killed and started again. */
final class StartedServer implements AutoCloseable {
  private static final long MOST_SECONDS = 120;
  private static final long POLL_MILLIS = 10;

  /** In which line its note of itself says on which port it listens. */
  private static final int PORT = 3;

  /** In which line the note names the folder of its sockets. */
  private static final int SOCKETS = 4;

  private final EmbeddedPostgres server;
  private @Nullable Path data;
  private @Nullable Path programs;

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
    return url("postgres");
  }

  /** The address of one of its databases. */
  String url(String database) {
    return server.getJdbcUrl("postgres", database);
  }

  /** Ends all its processes at once, as a power cut would, and starts it again. */
  void kill() {
    try {
      Path folder = data == null ? Path.of(asked("SHOW data_directory")) : data;
      Path binaries =
          programs == null
              ? Path.of(asked("SELECT setting FROM pg_config WHERE name = 'BINDIR'"))
              : programs;
      data = folder;
      programs = binaries;
      Path note = folder.resolve("postmaster.pid");
      List<String> noted = Files.readAllLines(note);
      end(Long.parseLong(noted.get(0).trim()));
      // The dead keep their numbers until somebody asks how they ended, and a server that finds
      // that its former number is in use does not start.
      Files.delete(note);
      String socket = ".s.PGSQL." + noted.get(PORT).trim() + ".lock";
      Files.deleteIfExists(Path.of(noted.get(SOCKETS).trim(), socket));
      startAgain(folder, binaries);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the server was killed", interrupted);
    } catch (IOException | SQLException e) {
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

  private static void end(long postmaster) throws InterruptedException, IOException {
    List<ProcessHandle> all = new ArrayList<>();
    ProcessHandle.of(postmaster)
        .ifPresent(process -> {
          all.add(process);
          process.descendants().forEach(all::add);
        });
    List<ProcessHandle> named =
        all.stream().filter(process -> process.info().command().isPresent()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    for (long waited = 0; !all.isEmpty(); waited += POLL_MILLIS) {
      if (waited > TimeUnit.SECONDS.toMillis(MOST_SECONDS)) {
        throw new IOException("processes that were killed go on: " + all);
      }
      awaitExit(all.get(0));
      all.removeIf(process -> isDead(process, named.contains(process)));
    }
  }

  /** Waits until a process is gone, or for a little while. */
  private static void awaitExit(ProcessHandle process) throws InterruptedException, IOException {
    try {
      process.onExit().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException notYet) {
      // Its parent may not have taken notice; whether it is dead is looked at otherwise.
      return;
    } catch (ExecutionException e) {
      throw new IOException("it cannot be seen whether a process is gone", e);
    }
  }

  /** What was killed has no program any more, long before its parent takes notice. */
  private static boolean isDead(ProcessHandle process, boolean hadProgram) {
    return !process.isAlive() || (hadProgram && process.info().command().isEmpty());
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
