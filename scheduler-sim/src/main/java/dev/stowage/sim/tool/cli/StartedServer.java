package dev.stowage.sim.tool.cli;

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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A PostgreSQL server that was started for a run, and can be killed and started again. */
final class StartedServer implements AutoCloseable {
  private static final long MOST_SECONDS = 120;
  private static final long POLL_MILLIS = 5;

  /** The folder of processes on systems that have one. */
  private static final Path PROCESSES = Path.of("/proc");

  /** The index of the line of a server's pid file with its port. */
  private static final int PORT = 3;

  /** The index of the line of a server's pid file with the folder of its sockets. */
  private static final int SOCKETS = 4;

  private final EmbeddedPostgres server;

  private StartedServer(EmbeddedPostgres server) {
    this.server = server;
  }

  /**
   * Starts a server. Its acknowledged commits survive the death of its processes, since the system
   * has them. It does not wait for the disk ({@code fsync} is off), so a power cut may lose them.
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

  /** Kills all its processes at once, and starts it again once none is left. */
  void kill() {
    try {
      Path data = Path.of(asked("SHOW data_directory"));
      Path programs = Path.of(asked("SELECT setting FROM pg_config WHERE name = 'BINDIR'"));
      Path note = data.resolve("postmaster.pid");
      List<String> noted = Files.readAllLines(note);
      end(Long.parseLong(noted.get(0).trim()), data.toRealPath());
      // The dead keep their numbers until a parent asks how they ended, and a server that finds its
      // former number in use does not start. That none is alive was seen.
      Files.delete(note);
      String socket = ".s.PGSQL." + noted.get(PORT).trim() + ".lock";
      Files.deleteIfExists(Path.of(noted.get(SOCKETS).trim(), socket));
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

  private static void end(long postmaster, Path data)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    List<ProcessHandle> all = new ArrayList<>();
    ProcessHandle.of(postmaster)
        .ifPresent(process -> {
          all.add(process);
          process.descendants().forEach(all::add);
        });
    all.forEach(ProcessHandle::destroyForcibly);
    if (Files.isDirectory(PROCESSES.resolve("self"))) {
      awaitNobodyIn(data);
      return;
    }
    for (ProcessHandle process : all) {
      process.onExit().get(MOST_SECONDS, TimeUnit.SECONDS);
    }
  }

  /**
   * Waits until no process is left in the data folder, which each leaves last, after its memory and
   * its files. Processes that began during the kill are killed too.
   */
  private static void awaitNobodyIn(Path data) throws IOException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long polls = TimeUnit.SECONDS.toMillis(MOST_SECONDS) / POLL_MILLIS;
    for (List<ProcessHandle> alive = in(data); !alive.isEmpty(); alive = in(data)) {
      alive.forEach(ProcessHandle::destroyForcibly);
      polls--;
      if (polls < 0 || never.await(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new IOException("killed processes are still running: " + alive);
      }
    }
  }

  private static List<ProcessHandle> in(Path folder) {
    return ProcessHandle.allProcesses().filter(process -> isIn(process, folder)).toList();
  }

  private static boolean isIn(ProcessHandle process, Path folder) {
    try {
      Path link = PROCESSES.resolve(Long.toString(process.pid())).resolve("cwd");
      return Files.readSymbolicLink(link).equals(folder);
    } catch (IOException nowhere) {
      // It is dead, or another user's: those of this server are of who started it.
      return false;
    }
  }

  /** Starts the server with the options that it wrote down at its first start. */
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
      throw new IllegalStateException("the started server does not stop", e);
    }
  }
}
