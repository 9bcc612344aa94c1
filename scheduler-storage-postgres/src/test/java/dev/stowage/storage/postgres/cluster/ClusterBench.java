package dev.stowage.storage.postgres.cluster;

import dev.stowage.storage.postgres.PostgresChunkStore;
import dev.stowage.storage.postgres.Promotions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Does faults to a PostgreSQL cluster under a fleet and writes what they cost, a row a round, to a
 * file. Rounds that the file has are skipped, so that a run can be continued.
 */
public final class ClusterBench {
  static final List<String> FAULTS =
      List.of(
          "switchover",
          "kill-postgres",
          "kill-node",
          "kill-patroni",
          "etcd-away",
          "haproxy-away",
          "frozen-postgres",
          "frozen-node",
          "lag-failover",
          "failback",
          "standbys-lost",
          "disk-full",
          "dump-restored");

  private static final String USAGE =
      "--mode sync|async --out FILE [--faults "
          + String.join(",", FAULTS)
          + "] [--rounds N] [--through haproxy|pgbouncer|hosts] [--promotions"
          + " may-lose|lose-nothing] [--window SECONDS] [--minutes N] [--base PORT] [--root FOLDER]"
          + " [--scripts FOLDER]\n"
          + "--table FILE\n";

  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

  private static final Duration LONGEST_ROUND = Duration.ofSeconds(200);
  private static final Duration SETTLING = Duration.ofMinutes(4);
  private static final long SECOND = 1_000_000_000L;
  private static final int SMALL_DISK_MEGABYTES = 700;

  private final Map<String, String> options;
  private final Path out;
  private final String mode;
  private final long startNanos = System.nanoTime();

  private ClusterBench(Map<String, String> options) {
    this.options = options;
    this.out = Path.of(options.get("out"));
    this.mode = options.get("mode");
  }

  /** Ends with 2 for bad words and missing packages, 1 if a round could not be had, else 0. */
  public static void main(String[] words) throws IOException {
    System.exit(run(words));
  }

  private static int run(String[] words) throws IOException {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < words.length; i += 2) {
      if (!words[i].startsWith("--") || i + 1 == words.length) {
        return usage(words[i] + " is not an option with a value");
      }
      options.put(words[i].substring(2), words[i + 1]);
    }
    if (options.containsKey("table")) {
      Round.table(rows(Path.of(options.get("table")))).forEach(ClusterBench::print);
      return 0;
    }
    if (!options.containsKey("out") || !List.of("sync", "async").contains(options.get("mode"))) {
      return usage("--mode sync or async, and --out FILE are expected");
    }
    String through = options.getOrDefault("through", Round.USUAL);
    if (!List.of(Round.USUAL, "pgbouncer", "hosts").contains(through)) {
      return usage("nothing is reached through " + through);
    }
    List<String> faults = faults(options);
    for (String fault : faults) {
      if (!FAULTS.contains(fault)) {
        return usage("no fault is called " + fault);
      }
    }
    return new ClusterBench(options).runAll(faults);
  }

  private static List<String> faults(Map<String, String> options) {
    String named = options.get("faults");
    return named == null ? FAULTS : List.of(named.split(","));
  }

  private static int usage(String why) {
    System.err.println(why + "\n" + USAGE);
    return 2;
  }

  private static void print(String line) {
    System.out.println(line);
  }

  private void log(String line) {
    print(
        String.format(
            Locale.ROOT, "%7.1f %s", (System.nanoTime() - startNanos) / (double) SECOND, line));
  }

  private static List<Round> rows(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
        .filter(line -> line.startsWith("mode="))
        .map(Round::of)
        .toList();
  }

  private int runAll(List<String> faults) throws IOException {
    String missing = cluster(0).demand("missing");
    if (!missing.isEmpty()) {
      System.err.println("packages are missing: " + String.join(" ", missing.split("\n")));
      return 2;
    }
    List<String> plain = new ArrayList<>(faults);
    List<String> small = new ArrayList<>(faults);
    plain.remove("disk-full");
    small.retainAll(List.of("disk-full"));
    return runOn(cluster(0), plain) && runOn(cluster(SMALL_DISK_MEGABYTES), small) ? 0 : 1;
  }

  private Cluster cluster(int diskMegabytes) {
    int base = Integer.parseInt(options.getOrDefault("base", "27000"));
    String usual =
        Path.of(System.getProperty("java.io.tmpdir"), "stowage-cluster-" + base).toString();
    return new Cluster(
        Path.of(
            options.getOrDefault(
                "scripts", "scheduler-storage-postgres/src/test/resources/cluster")),
        Path.of(options.getOrDefault("root", usual)),
        base,
        mode.equals("sync"),
        diskMegabytes);
  }

  private record Wanted(String fault, int number) {}

  private List<Wanted> wanted(List<String> faults) throws IOException {
    List<Round> done = rows(out);
    List<Wanted> wanted = new ArrayList<>();
    int rounds = Integer.parseInt(options.getOrDefault("rounds", "3"));
    for (int number = 1; number <= rounds; number++) {
      for (String fault : faults) {
        int each = number;
        if (done.stream().noneMatch(it -> it.is(mode, fault, through(), each))) {
          wanted.add(new Wanted(fault, number));
        }
      }
    }
    return wanted;
  }

  /** Runs the rounds that the file lacks; returns false if one could not be had. */
  private boolean runOn(Cluster cluster, List<String> faults) throws IOException {
    List<Wanted> wanted = wanted(faults);
    if (wanted.isEmpty()) {
      return true;
    }
    long minutes = Long.parseLong(options.getOrDefault("minutes", "600"));
    cluster.run("down");
    Thread end = new Thread(cluster::end);
    Runtime.getRuntime().addShutdownHook(end);
    try {
      log(cluster.demand("up"));
      log("standbys that commits wait for: " + cluster.synchronousStandbys());
      // A schema is not made through PgBouncer.
      PostgresChunkStore.builder(cluster.url()).open().close();
      Fleet fleet = new Fleet(() -> builder(cluster), cluster.url(), window(), this::log);
      for (Wanted each : wanted) {
        if (System.nanoTime() - startNanos > Duration.ofMinutes(minutes).toNanos()) {
          log("the time is over");
          return false;
        }
        if (!isRun(cluster, fleet, each)) {
          return false;
        }
      }
      return true;
    } finally {
      cluster.run("down");
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  /** Returns the drain window, which is the pause behind a loss too. */
  private Duration window() {
    return Duration.ofSeconds(Long.parseLong(options.getOrDefault("window", "60")));
  }

  private String through() {
    return options.getOrDefault("through", Round.USUAL);
  }

  private PostgresChunkStore.Builder builder(Cluster cluster) {
    PostgresChunkStore.Builder builder =
        switch (through()) {
          case "pgbouncer" -> PostgresChunkStore.builder(cluster.pooledUrl()).withoutListening();
          case "hosts" ->
              PostgresChunkStore.builder(cluster.severalHosts())
                  .primaryCheck((host, port) -> isPrimary(cluster.primaryCheck(port)));
          default -> PostgresChunkStore.builder(cluster.url());
        };
    boolean losesNothing = options.getOrDefault("promotions", "may-lose").equals("lose-nothing");
    return losesNothing ? builder.promotions(Promotions.LOSE_NOTHING) : builder;
  }

  private static boolean isPrimary(String patroni) {
    HttpRequest asked =
        HttpRequest.newBuilder(URI.create(patroni)).timeout(Duration.ofSeconds(1)).build();
    return HTTP.sendAsync(asked, BodyHandlers.discarding()).join().statusCode() == 200;
  }

  private boolean isRun(Cluster cluster, Fleet fleet, Wanted wanted) throws IOException {
    String name = wanted.fault() + " " + wanted.number();
    int standbys = cluster.synchronousStandbys();
    if (mode.equals("sync") && standbys < 1) {
      log(name + ": no standby is synchronous\n" + cluster.run("list").text());
      return false;
    }
    if (!fleet.isSettled(SETTLING)) {
      log(name + ": the fleet does not settle");
      return false;
    }
    fleet.lost();
    String load = Files.readString(Path.of("/proc/loadavg"), StandardCharsets.UTF_8).split(" ")[0];
    Fleet.Counts before = fleet.counts();
    int from = fleet.acknowledged();
    fleet.beginRound();
    long begin = System.nanoTime();
    CompletableFuture<Cluster.Said> fault =
        CompletableFuture.supplyAsync(() -> cluster.run("fault", wanted.fault()));
    Outage outage = new Outage(fleet, from, begin, 0, -1);
    boolean isHealed = false;
    while (!outage.isOver(fault.isDone()) && System.nanoTime() - begin < LONGEST_ROUND.toNanos()) {
      Fleet.pause(SECOND / 5);
      outage = Outage.of(fleet, from, begin);
      // A synchronous primary without a standby waits until one is there.
      if (fault.isDone() && !isHealed && System.nanoTime() - begin > 60 * SECOND) {
        isHealed = true;
        cluster.run("heal");
      }
    }
    Cluster.Said said = fault.join();
    log(name + ": " + said.text() + " (" + said.status() + ")");
    String healed = cluster.run("heal").text();
    fleet.awaitLeader();
    Fleet.Counts counts = fleet.counts().since(before);
    int acknowledged = fleet.acknowledged() - from;
    Map<String, String> row = new LinkedHashMap<>();
    row.put("mode", mode);
    row.put("fault", wanted.fault());
    row.put("round", String.valueOf(wanted.number()));
    row.put("through", through());
    row.put("synchronous_standbys", String.valueOf(standbys));
    row.put("acknowledged", String.valueOf(acknowledged));
    row.put("lost", String.valueOf(fleet.lost()));
    row.put("double_leaders", String.valueOf(counts.doubleLeaders()));
    row.put("epochs_twice", String.valueOf(counts.epochsTwice()));
    row.put("gap_s", seconds(outage.gapNanos()));
    row.put("database_gap_s", String.format(Locale.ROOT, "%.1f", fleet.databaseGapSeconds()));
    row.put("readable_s", seconds(outage.readableNanos()));
    row.put("lineages", String.valueOf(counts.lineages()));
    row.put("dark_portals", String.valueOf(fleet.darkPortals()));
    row.put("dark_s", String.format(Locale.ROOT, "%.1f", fleet.darkSeconds()));
    row.put("load", load);
    String line = new Round(row).toString();
    log(line);
    Files.writeString(
        out,
        line + "\n",
        StandardCharsets.UTF_8,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    log(healed);
    return healed.contains("healed, ");
  }

  private static String seconds(long nanos) {
    return nanos < 0 ? "-1" : String.format(Locale.ROOT, "%.1f", nanos / (double) SECOND);
  }

  /**
   * The longest silence since a fault, and the time from its begin until a chunk that was
   * acknowledged behind it can be read, below 0 while none can.
   */
  private record Outage(Fleet fleet, int from, long begin, long gapNanos, long readableNanos) {
    static Outage of(Fleet fleet, int from, long begin) {
      List<Fleet.Ack> since = fleet.acknowledgedSince(from);
      long gap = 0;
      long gapBegin = begin;
      long readable = -1;
      long last = begin;
      for (Fleet.Ack ack : since) {
        if (ack.atNanos() - last > gap) {
          gap = ack.atNanos() - last;
          gapBegin = last;
          readable = -1;
        }
        long seen = fleet.readableAt(ack.key());
        if (seen > 0 && (readable < 0 || seen - gapBegin < readable)) {
          readable = seen - gapBegin;
        }
        last = ack.atNanos();
      }
      long now = System.nanoTime();
      boolean isSilent = now - last > Math.max(gap, SECOND);
      return new Outage(fleet, from, begin, Math.max(gap, now - last), isSilent ? -1 : readable);
    }

    /** Waits for 12 s at least, because a fault need not be felt at once. */
    boolean isOver(boolean isFaultOver) {
      return isFaultOver && readableNanos >= 0 && System.nanoTime() - begin > 12 * SECOND;
    }
  }
}
