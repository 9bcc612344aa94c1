package example;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs a whole fleet on this machine until it is interrupted: two control planes, three workers, a
 * portal, some chunks, and a PostgreSQL server unless the address of one is given.
 */
public final class Run {
  private static final List<Integer> PLANES = List.of(19100, 19101);
  private static final List<Integer> WORKERS = List.of(19200, 19201, 19202);
  private static final int PORTAL = 19300;
  private static final int CHUNKS = 60;
  private static final int CHUNK_BYTES = 100_000;
  private static final long CAPACITY = 100_000_000;
  private static final int SECONDS_BETWEEN_LINES = 5;

  private Run() {}

  /** Takes the JDBC address of a database; without one, starts a server. */
  public static void main(String[] args) throws Exception {
    List<Integer> ports = new ArrayList<>(PLANES);
    ports.addAll(WORKERS);
    ports.add(PORTAL);
    ports.forEach(Run::requireFree);
    String database = args.length > 0 ? args[0] : startServer();
    LocalFleet fleet = new LocalFleet(database, "example", CHUNK_BYTES, PLANES, PORTAL);
    Runtime.getRuntime().addShutdownHook(new Thread(fleet::close));
    try {
      start(fleet, database);
    } catch (RuntimeException failed) {
      System.err.println("run: " + failed.getMessage());
      System.exit(1);
    }
    watch(fleet);
  }

  private static void requireFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      socket.getLocalPort();
    } catch (IOException taken) {
      System.err.println("run: port " + port + " is taken: end the program that listens there");
      System.exit(1);
    }
  }

  private static String startServer() throws IOException {
    System.out.println("starting a PostgreSQL server");
    EmbeddedPostgres server = EmbeddedPostgres.builder().start();
    return server.getJdbcUrl("postgres", "postgres");
  }

  private static void start(LocalFleet fleet, String database) throws IOException {
    System.out.println("database  " + database + ", schema example");
    System.out.println("logs      " + fleet.folder());
    for (int plane = 0; plane < PLANES.size(); plane++) {
      fleet.startPlane(plane);
      said("plane-" + plane, fleet.plane(plane), PLANES.get(plane), "");
    }
    for (int worker = 0; worker < WORKERS.size(); worker++) {
      int port = WORKERS.get(worker);
      said("worker", fleet.startWorker(port, "zone-" + worker, CAPACITY), port, "zone-" + worker);
    }
    said("portal", fleet.startPortal(), PORTAL, "");
    int leader = fleet.awaitLeader(-1, Duration.ofMinutes(1));
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      while (!fleet.ingest(leader, chunk)) {
        LocalFleet.pause(200);
      }
    }
    System.out.println("plane-" + leader + " leads and took " + CHUNKS + " chunks");
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      while (fleet.read(chunk) != 200) {
        LocalFleet.pause(200);
      }
    }
    System.out.println("readers see all of them; end with Ctrl-C");
  }

  private static void said(String what, Process process, int port, String more) {
    System.out.printf(
        Locale.ROOT, "%-9s http://localhost:%d  pid %d  %s%n", what, port, process.pid(), more);
  }

  /** Reads every chunk through the portal again and again, and says how that went. */
  private static void watch(LocalFleet fleet) {
    long reads = 0;
    long failed = 0;
    long next = System.nanoTime();
    for (int chunk = 0; ; chunk = (chunk + 1) % CHUNKS) {
      reads++;
      failed += fleet.read(chunk) == 200 ? 0 : 1;
      if (System.nanoTime() - next >= 0) {
        next += Duration.ofSeconds(SECONDS_BETWEEN_LINES).toNanos();
        System.out.println(reads + " reads, " + failed + " of them failed");
      }
      LocalFleet.pause(20);
    }
  }
}
