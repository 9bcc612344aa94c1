package example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Kills the leading control plane without warning, again and again, while chunks are ingested and
 * read. Prints how long takeovers took, and what was lost. Exits with 1 if anything was.
 */
public final class KillTrial {
  private static final int BYTES = 20_000;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofMillis(500)).build();
  private final String database;
  private final String schema;
  private final Path folder;
  private final List<Integer> planePorts = List.of(port(), port());
  private final Process[] planes = new Process[2];
  private final List<Process> others = new ArrayList<>();
  private final int portalPort = port();

  /** Acknowledged chunks: whether a reader has seen them. */
  private final Map<Integer, Boolean> acknowledged = new ConcurrentSkipListMap<>();

  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong failedReads = new AtomicLong();
  private final AtomicLong staleReads = new AtomicLong();
  private volatile boolean isOver;

  private KillTrial(String database, String schema, Path folder) {
    this.database = database;
    this.schema = schema;
    this.folder = folder;
  }

  /** Takes how often to kill, the address of a database, and the name of a schema to be created. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("example-host");
    KillTrial trial = new KillTrial(args[1], args[2], folder);
    boolean isGood = false;
    try {
      isGood = trial.run(Integer.parseInt(args[0]));
    } finally {
      trial.end();
    }
    System.exit(isGood ? 0 : 1);
  }

  private boolean run(int kills) throws Exception {
    startPlane(0);
    startPlane(1);
    for (int i = 0; i < 3; i++) {
      String port = Integer.toString(port());
      Path disk = folder.resolve("worker-" + i);
      others.add(start("WorkerNode", port, disk.toString(), plane(0), plane(1)));
    }
    others.add(start("PortalNode", Integer.toString(portalPort), plane(0), plane(1)));
    awaitLeader(-1, Duration.ofMinutes(2));
    Thread load = background(this::ingestForEver);
    Thread readers = background(this::readForEver);

    List<Long> takeovers = new ArrayList<>();
    long doubles = 0;
    for (int i = 0; i < kills; i++) {
      TimeUnit.MILLISECONDS.sleep(300);
      int leader = awaitLeader(-1, Duration.ofMinutes(1));
      doubles += isLeading(1 - leader) && isLeading(leader) ? 1 : 0;
      planes[leader].destroyForcibly().waitFor();
      long killed = System.nanoTime();
      awaitLeader(leader, Duration.ofMinutes(1));
      takeovers.add((System.nanoTime() - killed) / 1_000_000);
      startPlane(leader);
      awaitAnswer(leader);
    }
    isOver = true;
    load.join();
    readers.join();
    return report(takeovers, doubles);
  }

  private boolean report(List<Long> takeovers, long doubles) throws Exception {
    awaitLeader(-1, Duration.ofMinutes(1));
    long until = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    long unread = acknowledged.size();
    while (unread > 0 && System.nanoTime() < until) {
      unread = acknowledged.keySet().stream().filter(it -> read(it) != 200).count();
    }
    long lost = acknowledged.keySet().stream().filter(this::isUnknown).count();
    List<Long> sorted = takeovers.stream().sorted().toList();
    int last = sorted.size() - 1;
    System.out.printf("kills                        %d%n", sorted.size());
    System.out.printf(
        "takeover, median and worst   %d ms, %d ms%n", sorted.get(last / 2), sorted.get(last));
    System.out.printf("chunks acknowledged          %d%n", acknowledged.size());
    System.out.printf("acknowledged and lost        %d%n", lost);
    System.out.printf("two leaders at a time        %d%n", doubles);
    System.out.printf(
        "reads of chunks seen before  %s, failed %s, portal without routes %s%n",
        reads, failedReads, staleReads);
    System.out.printf("chunks that cannot be read   %d%n", unread);
    return lost == 0 && doubles == 0 && unread == 0 && failedReads.get() == 0;
  }

  // ---- load ----

  private void ingestForEver() {
    for (int next = 0; !isOver; next++) {
      String query =
          "?dataset=d&chunk=c%d&first=%d&last=%d&bytes=%d"
              .formatted(next, next * 10L, next * 10L + 9, BYTES);
      String code = "";
      for (int plane = next; !isOver && !isAcknowledgement(code); plane++) {
        code = get(plane(plane % 2) + "/ingest" + query);
      }
      if (isAcknowledgement(code)) {
        acknowledged.put(next, false);
      }
      pause(40);
    }
  }

  private static boolean isAcknowledgement(String code) {
    return code.equals("ACCEPTED") || code.equals("DUPLICATE");
  }

  private void readForEver() {
    while (!isOver) {
      int next = ThreadLocalRandom.current().nextInt(acknowledged.size() + 1);
      Boolean isSeen = acknowledged.get(next);
      if (isSeen != null) {
        int code = read(next);
        if (isSeen) {
          reads.incrementAndGet();
          staleReads.addAndGet(code == 503 ? 1 : 0);
          failedReads.addAndGet(code == 200 || code == 503 ? 0 : 1);
        } else if (code == 200) {
          acknowledged.put(next, true);
        }
      }
      pause(5);
    }
  }

  /** Returns 200 only for the right bytes. */
  private int read(int chunk) {
    String uri = "http://localhost:" + portalPort + "/read/d/" + (chunk * 10L + 5);
    try {
      HttpResponse<byte[]> answer = http.send(request(uri), BodyHandlers.ofByteArray());
      byte[] wanted = new byte[BYTES];
      Arrays.fill(wanted, (byte) ("c" + chunk).hashCode());
      boolean isRight = answer.statusCode() != 200 || Arrays.equals(wanted, answer.body());
      return isRight ? answer.statusCode() : 500;
    } catch (IOException | InterruptedException failed) {
      return 500;
    }
  }

  private boolean isUnknown(int chunk) {
    String state = "";
    for (int plane = 0; state.isEmpty() && plane < 100; plane++) {
      state = get(plane(plane % 2) + "/status?dataset=d&chunk=c" + chunk);
    }
    return state.isEmpty() || state.equals("UNKNOWN") || state.equals("REJECTED");
  }

  // ---- processes ----

  private void startPlane(int at) throws IOException {
    planes[at] =
        start(
            "ControlPlane", "plane-" + at, Integer.toString(planePorts.get(at)), database, schema);
  }

  private Process start(String main, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("example." + main);
    command.addAll(List.of(args));
    Path log = folder.resolve(main + "-" + args[0] + ".log");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private void end() {
    for (Process each : planes) {
      if (each != null) {
        each.destroyForcibly();
      }
    }
    others.forEach(Process::destroyForcibly);
  }

  private String plane(int at) {
    return "http://localhost:" + planePorts.get(at);
  }

  private boolean isLeading(int plane) {
    return get(plane(plane) + "/leading").equals("LEADING");
  }

  /** Waits until one leads, other than the one given. */
  private int awaitLeader(int but, Duration most) {
    long until = System.nanoTime() + most.toNanos();
    while (System.nanoTime() < until) {
      for (int at = 0; at < planes.length; at++) {
        if (at != but && isLeading(at)) {
          return at;
        }
      }
      pause(10);
    }
    throw new IllegalStateException("nobody leads after " + most + "; logs are in " + folder);
  }

  private void awaitAnswer(int plane) {
    for (int i = 0; i < 6_000 && get(plane(plane) + "/leading").isEmpty(); i++) {
      pause(10);
    }
  }

  /** Returns the answer; empty if there was none. */
  private String get(String uri) {
    try {
      HttpResponse<String> answer = http.send(request(uri), BodyHandlers.ofString());
      return answer.statusCode() == 200 ? answer.body() : "";
    } catch (IOException | InterruptedException failed) {
      return "";
    }
  }

  private static HttpRequest request(String uri) {
    return HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(5)).build();
  }

  private static Thread background(Runnable runs) {
    Thread thread = new Thread(runs);
    thread.start();
    return thread;
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException ends) {
      Thread.currentThread().interrupt();
    }
  }

  private static int port() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
