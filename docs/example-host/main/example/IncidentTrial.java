package example;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays an incident of 28 minutes: a worker and then a zone are lost, the zone's workers are guarded
 * until an operator confirms that they are gone, a worker that leaves is stuck until another one
 * joins. A Prometheus
 * of this machine scrapes both control planes and evaluates the alert rules. Prints what the
 * operator did, the log lines, the meters of each minute and the times of the alerts, as Markdown.
 */
public final class IncidentTrial {
  private static final int CHUNKS = 170;
  private static final int CHUNK_BYTES = 1_000_000;
  private static final long CAPACITY = 100_000_000;

  private final LocalFleet fleet;
  private final String prometheus = "http://localhost:" + LocalFleet.port();
  private final long began = System.currentTimeMillis();
  private final Map<Long, List<String>> deeds = new TreeMap<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong failedReads = new AtomicLong();
  private final Map<Long, String> readsByMinute = new TreeMap<>();

  private IncidentTrial(LocalFleet fleet) {
    this.fleet = fleet;
  }

  /** Takes the address of a database, the name of a schema to be created, and the alert rules. */
  public static void main(String[] args) throws Exception {
    try (LocalFleet fleet = new LocalFleet(args[0], args[1], CHUNK_BYTES)) {
      IncidentTrial trial = new IncidentTrial(fleet);
      Process scraper = trial.startPrometheus(Path.of(args[2]).toAbsolutePath());
      try {
        trial.run();
      } finally {
        scraper.destroy();
      }
    }
  }

  private void run() throws Exception {
    fleet.startPlane(0);
    fleet.startPlane(1);
    List<Integer> ports = new ArrayList<>();
    List<Process> workers = new ArrayList<>();
    for (String zone : List.of("a", "a", "a", "b", "b", "b", "c", "c")) {
      ports.add(LocalFleet.port());
      workers.add(fleet.startWorker(ports.get(ports.size() - 1), zone, CAPACITY));
    }
    fleet.startPortal();
    fleet.awaitLeader(-1, Duration.ofMinutes(2));
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
      while (!fleet.ingest(chunk % 2, chunk)) {
        LocalFleet.pause(100);
      }
    }
    did("%d chunks of 1 MB are ingested; zones a, b and c have 3, 3 and 2 workers of 100 MB", CHUNKS);
    await(0, 45);
    LocalFleet.background(this::readForEver);
    LocalFleet.background(this::countReads);

    await(1, 40);
    workers.get(3).destroyForcibly();
    did("a worker of zone b is killed");
    await(2, 0);
    workers.subList(0, 3).forEach(Process::destroyForcibly);
    did("zone a is lost: its three workers are killed");
    await(16, 0);
    String gone =
        String.join(",", ports.subList(0, 3).stream().map(it -> "localhost:" + it).toList());
    did("the operator confirms that they are gone: %s", code(onLeader("/gone?workers=" + gone)));
    await(18, 0);
    String leaving = "localhost:" + ports.get(4);
    did("the operator empties %s of zone b: %s", leaving, code(onLeader("/leave?worker=" + leaving)));
    await(24, 0);
    fleet.startWorker(LocalFleet.port(), "a", CAPACITY);
    did("a worker with an empty disk joins in zone a");
    await(28, 0);
    report();
  }

  private void await(int minutes, int seconds) throws InterruptedException {
    long until = began + TimeUnit.MINUTES.toMillis(minutes) + TimeUnit.SECONDS.toMillis(seconds);
    TimeUnit.MILLISECONDS.sleep(Math.max(0, until - System.currentTimeMillis()));
  }

  private void did(String deed, Object... values) {
    long seconds = (System.currentTimeMillis() - began) / 1000;
    deeds.computeIfAbsent(seconds, any -> new ArrayList<>()).add(deed.formatted(values));
  }

  private String onLeader(String request) {
    String answer = "";
    for (int i = 0; i < 100 && answer.isEmpty(); i++) {
      answer = fleet.post(fleet.planeUri(fleet.awaitLeader(-1, Duration.ofMinutes(1))) + request);
    }
    return answer;
  }

  private static String code(String answer) {
    return "`" + answer.substring(0, Math.min(answer.length(), 160)) + "`";
  }

  // ---- readers ----

  private void readForEver() {
    for (int next = 0; ; next = (next + 1) % CHUNKS) {
      reads.incrementAndGet();
      failedReads.addAndGet(fleet.read(next) == 200 ? 0 : 1);
      LocalFleet.pause(50);
    }
  }

  private void countReads() {
    while (true) {
      readsByMinute.put(minute(System.currentTimeMillis()), reads + " / " + failedReads);
      LocalFleet.pause(1_000);
    }
  }

  private long minute(long millis) {
    return (millis - began) / 60_000;
  }

  // ---- Prometheus ----

  private Process startPrometheus(Path rules) throws IOException {
    Path config = fleet.folder().resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 15s, evaluation_interval: 15s}
        rule_files: ['%s']
        scrape_configs:
          - job_name: example
            static_configs: [{targets: ['localhost:%d', 'localhost:%d']}]
        """
            .formatted(rules, fleet.planePort(0), fleet.planePort(1)));
    return new ProcessBuilder(
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + fleet.folder().resolve("prometheus"),
            "--web.listen-address=" + prometheus.substring("http://".length()))
        .redirectErrorStream(true)
        .redirectOutput(fleet.folder().resolve("prometheus.log").toFile())
        .start();
  }

  private static final Pattern SERIES =
      Pattern.compile("\\{\"metric\":\\{(.*?)},\"values\":\\[(.*?)]]");

  private static final Pattern SAMPLE = Pattern.compile("\\[([0-9.]+),\"(.*?)\"");

  /** Returns the values of each series of a query by the seconds since the beginning. */
  private Map<String, Map<Long, String>> query(String expression, int step) {
    String answer =
        fleet.get(
            prometheus
                + "/api/v1/query_range?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8)
                + "&step=%d&start=%d&end=%d"
                    .formatted(step, began / 1000, System.currentTimeMillis() / 1000));
    Map<String, Map<Long, String>> found = new TreeMap<>();
    Matcher series = SERIES.matcher(answer);
    while (series.find()) {
      Map<Long, String> values = new TreeMap<>();
      Matcher sample = SAMPLE.matcher(series.group(2));
      while (sample.find()) {
        values.put((long) Double.parseDouble(sample.group(1)) - began / 1000, sample.group(2));
      }
      found.put(series.group(1), values);
    }
    return found;
  }

  // ---- the page ----

  private void report() throws IOException {
    System.out.println("### What happened\n\n| minute | what | \n| --- | --- |");
    deeds.forEach((at, all) -> all.forEach(it -> System.out.printf("| %s | %s |%n", time(at), it)));
    System.out.println("\n### Alerts\n\n| alert | pending | firing |\n| --- | --- | --- |");
    query("ALERTS", 15).forEach(this::alert);
    System.out.println("\n### Log\n\n```");
    for (int plane = 0; plane < 2; plane++) {
      List<String> lines = Files.readAllLines(fleet.log("ControlPlane", "plane-" + plane));
      String name = "plane-" + plane;
      lines.stream().filter(it -> it.contains("event=")).forEach(it -> log(name, it));
    }
    System.out.println("```\n\n### Meters");
    meters();
    System.out.println("\n### Readers\n\n| minute | reads in all / failed |\n| --- | --- |");
    readsByMinute.forEach((at, what) -> System.out.printf("| %d | %s |%n", at, what));
  }

  private void alert(String labels, Map<Long, String> values) {
    boolean isFiring = labels.contains("\"alertstate\":\"firing\"");
    String name = labels.replaceAll(".*\"alertname\":\"(.*?)\".*", "$1");
    StringBuilder times = new StringBuilder();
    long last = Integer.MIN_VALUE;
    for (long at : values.keySet()) {
      if (at - last > 15) {
        times.append(last < 0 ? "" : time(last) + ", ").append(time(at)).append(" to ");
      }
      last = at;
    }
    times.append(time(last));
    System.out.printf("| `%s` | %s | %s |%n", name, isFiring ? "" : times, isFiring ? times : "");
  }

  private void log(String name, String line) {
    String[] parts = line.split(" ", 2);
    long at = OffsetDateTime.parse(parts[0]).toEpochSecond() - began / 1000;
    String text = parts[1].replaceAll("^\\[.*?] ", "").replaceAll("dev\\.stowage\\.events - ", "");
    System.out.printf("%s %s %s%n", time(at), name, text);
  }

  private void meters() {
    Map<String, String> columns =
        Map.of(
            "a suspect", "max(stowage_workers_suspect)",
            "b guarded", "max(stowage_workers_guarded)",
            "c at risk", "max(stowage_chunks_at_risk)",
            "d under floor", "max(stowage_chunks_under_floor)",
            "e floor bytes to go", "max(stowage_bytes_to_go_bytes{cause=\"floor\"})",
            "f leaving", "max(stowage_workers_leaving)",
            "g stuck", "max(stowage_replicas_stuck)",
            "h draining", "max(stowage_replicas_draining)",
            "i replicas", "max(stowage_replicas)",
            "j health", "max(stowage_health)");
    List<String> names = columns.keySet().stream().sorted().toList();
    List<Map<Long, String>> values = new ArrayList<>();
    for (String name : names) {
      values.add(
          query(columns.get(name), 60).values().stream().findFirst().orElseGet(TreeMap::new));
    }
    System.out.println(
        "\n| minute | "
            + String.join(" | ", names.stream().map(it -> it.substring(2)).toList())
            + " |\n|"
            + " --- |".repeat(names.size() + 1));
    String before = "";
    for (long minute = 0; minute <= minute(System.currentTimeMillis()); minute++) {
      List<String> row = new ArrayList<>();
      for (Map<Long, String> each : values) {
        row.add(each.getOrDefault(minute * 60, ""));
      }
      String line = String.join(" | ", row);
      if (!line.equals(before)) {
        System.out.printf("| %d | %s |%n", minute, line);
      }
      before = line;
    }
  }

  private static String time(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
