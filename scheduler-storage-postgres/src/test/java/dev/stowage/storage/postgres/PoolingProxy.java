package dev.stowage.storage.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.Driver;

/**
 * A pgbouncer that pools transactions, before the server of this JVM, and ends with it. As spiteful
 * as it can be: of its connections to the server every transaction gets another one.
 */
final class PoolingProxy {
  private static final List<String> PLACES = List.of("pgbouncer", "/usr/sbin/pgbouncer");

  private final TestServer server;

  private PoolingProxy(TestServer server) {
    this.server = server;
  }

  private static final class Holder {
    private static final PoolingProxy ONLY = start();
  }

  /** The proxy, as a server; where none is installed the test is skipped, and says so. */
  static TestServer get() {
    Assumptions.assumeTrue(
        isInstalled(), "pgbouncer is not installed: nothing was tried behind a pooling proxy");
    return Holder.ONLY.server;
  }

  static boolean isInstalled() {
    return PLACES.stream().anyMatch(PoolingProxy::answers);
  }

  private static boolean answers(String program) {
    try {
      return new ProcessBuilder(program, "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static PoolingProxy start() {
    Properties to = Driver.parseURL(TestServer.get().url(), new Properties());
    try {
      int port = freePort();
      Path folder = Files.createTempDirectory("pgbouncer");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path settings = folder.resolve("pgbouncer.ini");
      Files.writeString(settings, settings(to, port), StandardCharsets.UTF_8);
      List<String> command = new ArrayList<>();
      command.add(PLACES.stream().filter(PoolingProxy::answers).findFirst().orElseThrow());
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", "nobody"));
      }
      command.add(settings.toString());
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      awaitStart(process);
      return new PoolingProxy(
          new TestServer(
              "jdbc:postgresql://localhost:"
                  + port
                  + "/"
                  + to.getProperty("PGDBNAME")
                  + "?prepareThreshold=0&user="
                  + to.getProperty("user")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String settings(Properties to, int port) {
    String password = to.getProperty("password");
    return String.join(
        "\n",
        "[databases]",
        "* = host="
            + to.getProperty("PGHOST")
            + " port="
            + to.getProperty("PGPORT")
            + " user="
            + to.getProperty("user")
            + (password == null ? "" : " password=" + password),
        "[pgbouncer]",
        "listen_addr = localhost",
        "listen_port = " + port,
        "unix_socket_dir =",
        "auth_type = any",
        "pool_mode = transaction",
        "server_round_robin = 1",
        "min_pool_size = 6",
        "default_pool_size = 20",
        "max_client_conn = 500",
        "ignore_startup_parameters = extra_float_digits",
        "log_connections = 0",
        "log_disconnections = 0",
        "log_pooler_errors = 0",
        "log_stats = 0",
        "");
  }

  private static void awaitStart(Process process) throws IOException {
    BufferedReader log =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    List<String> said = new ArrayList<>();
    for (String line = log.readLine(); line != null; line = log.readLine()) {
      if (line.contains("process up")) {
        // It would stop where nobody reads what it says. The common pool, which tells the ends
        // of other processes, may have one thread only.
        Thread reader = new Thread(() -> log.lines().forEach(more -> {}), "pgbouncer");
        reader.setDaemon(true);
        reader.start();
        return;
      }
      said.add(line);
    }
    throw new AssertionError("pgbouncer did not start: " + said);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
