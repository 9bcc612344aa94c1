package example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Two control planes, workers and a portal, each a process of this machine, for trials. */
final class LocalFleet implements AutoCloseable {
  /** The size of each chunk. */
  final int chunkBytes;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofMillis(500)).build();
  private final String database;
  private final String schema;
  private final Path folder;
  private final List<Integer> planePorts;
  private final Process[] planes = new Process[2];
  private final List<Process> others = new ArrayList<>();
  private final int portalPort;

  /** Takes the address of a database, and the name of a schema to be created. */
  LocalFleet(String database, String schema, int chunkBytes) throws IOException {
    this(database, schema, chunkBytes, List.of(port(), port()), port());
  }

  /** Takes the ports of both control planes and of the portal as well. */
  LocalFleet(String database, String schema, int chunkBytes, List<Integer> planes, int portal)
      throws IOException {
    this.database = database;
    this.schema = schema;
    this.chunkBytes = chunkBytes;
    planePorts = planes;
    portalPort = portal;
    folder = Files.createTempDirectory("example-host");
  }

  /** Returns where logs and disks are. */
  Path folder() {
    return folder;
  }

  // ---- processes ----

  void startPlane(int at) throws IOException {
    String port = Integer.toString(planePorts.get(at));
    planes[at] = start("ControlPlane", "plane-" + at, port, database, schema);
  }

  Process plane(int at) {
    return planes[at];
  }

  Process startWorker(int port, String zone, long capacityBytes) throws IOException {
    return startWorker(port, zone, capacityBytes, "none");
  }

  /** Starts a worker whose link receives so many bytes in a second, or {@code none}: no bound. */
  Process startWorker(int port, String zone, long capacityBytes, String downlink)
      throws IOException {
    String disk = folder.resolve("worker-" + port).toString();
    String capacity = Long.toString(capacityBytes);
    return startOther("WorkerNode", Integer.toString(port), disk, zone, capacity, downlink);
  }

  Process startPortal() throws IOException {
    return startOther("PortalNode", Integer.toString(portalPort));
  }

  private Process startOther(String main, String... args) throws IOException {
    List<String> all = new ArrayList<>(List.of(args));
    all.add(planeUri(0));
    all.add(planeUri(1));
    Process started = start(main, all.toArray(String[]::new));
    others.add(started);
    return started;
  }

  private Process start(String main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dsun.net.httpserver.nodelay=true");
    command.add("-Dorg.slf4j.simpleLogger.showDateTime=true");
    command.add("-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ssXXX");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "example." + main));
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log(main, args[0]).toFile()))
        .start();
  }

  /** Returns the log of a process, which is named by its first argument. */
  Path log(String main, String name) {
    return folder.resolve(main + "-" + name + ".log");
  }

  @Override
  public void close() {
    for (Process each : planes) {
      if (each != null) {
        each.destroyForcibly();
      }
    }
    others.forEach(Process::destroyForcibly);
  }

  // ---- requests ----

  String planeUri(int at) {
    return "http://localhost:" + planePorts.get(at);
  }

  int planePort(int at) {
    return planePorts.get(at);
  }

  boolean isLeading(int plane) {
    return get(planeUri(plane) + "/health").contains("\"state\": \"LEADING\"");
  }

  /** Waits until one leads, other than the one given. */
  int awaitLeader(int but, Duration most) {
    long until = System.nanoTime() + most.toNanos();
    while (System.nanoTime() < until) {
      for (int at = 0; at < planes.length; at++) {
        if (at != but && isLeading(at)) {
          return at;
        }
      }
      pause(10);
    }
    throw new IllegalStateException(
        "no control plane leads after " + most + "; logs are in " + folder);
  }

  void awaitAnswer(int plane) {
    for (int i = 0; i < 6_000 && get(planeUri(plane) + "/health").isEmpty(); i++) {
      pause(10);
    }
  }

  /** Offers a chunk to one plane and reports whether it was taken, now or before. */
  boolean ingest(int plane, int chunk) {
    return ingest(plane, chunk, chunkBytes);
  }

  /** Offers a chunk of another size. */
  boolean ingest(int plane, int chunk, int bytes) {
    String query =
        "/ingest?dataset=d&chunk=c%d&first=%d&last=%d&bytes=%d"
            .formatted(chunk, chunk * 10L, chunk * 10L + 9, bytes);
    return !post(planeUri(plane) + query).isEmpty();
  }

  boolean isUnknown(int chunk) {
    String answer = "";
    for (int plane = 0; answer.isEmpty() && plane < 100; plane++) {
      answer = get(planeUri(plane % 2) + "/chunk?dataset=d&chunk=c" + chunk);
    }
    return answer.isEmpty() || answer.contains("REJECTED");
  }

  /** Reads a chunk through the portal; returns 200 only for the right bytes. */
  int read(int chunk) {
    String uri = "http://localhost:" + portalPort + "/read/d/" + (chunk * 10L + 5);
    try {
      HttpResponse<byte[]> answer = http.send(request(uri), BodyHandlers.ofByteArray());
      byte[] wanted = new byte[chunkBytes];
      Arrays.fill(wanted, (byte) ("c" + chunk).hashCode());
      boolean isRight = answer.statusCode() != 200 || Arrays.equals(wanted, answer.body());
      return isRight ? answer.statusCode() : 500;
    } catch (IOException | InterruptedException failed) {
      return 500;
    }
  }

  /** Returns the answer; empty if there was none. */
  String get(String uri) {
    return send(request(uri));
  }

  /** Gives a command and returns the answer; empty if there was none or it was refused. */
  String post(String uri) {
    return send(
        HttpRequest.newBuilder(URI.create(uri))
            .timeout(Duration.ofSeconds(5))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build());
  }

  private String send(HttpRequest request) {
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      return answer.statusCode() == 200 ? answer.body() : "";
    } catch (IOException | InterruptedException failed) {
      return "";
    }
  }

  private static HttpRequest request(String uri) {
    return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(5)).build();
  }

  static Thread background(Runnable runs) {
    Thread thread = new Thread(runs);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException ends) {
      Thread.currentThread().interrupt();
    }
  }

  static int port() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
