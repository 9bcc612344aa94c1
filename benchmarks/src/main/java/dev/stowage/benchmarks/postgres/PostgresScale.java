package dev.stowage.benchmarks.postgres;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.model.Chunk;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerAssignmentId;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The scale run of the PostgreSQL store, on an embedded server with {@code fsync} on: prints every
 * figure of the store with its bar beside it. Times are of the wall clock, so the machine should
 * have nothing else to do; ratios are of one run. Arguments: {@code chunks=1000000 workers=2000
 * cycles=10000 commits=2000}, where the last two are how many cycles age the store and how many
 * commits each of the eight clients does. With {@code url=} a server that runs already is measured
 * instead: its schema {@code fleet} and table {@code bare} are dropped first.
 *
 * <p>Ends with code 1 if a bar is missed.
 */
public final class PostgresScale {
  private static final int FLOOR = 3;
  private static final int ROUNDS = 21;
  private static final int IDLE_PAIRS = 41;
  private static final int SAMPLE = 100;
  private static final String SCHEMA = "fleet";

  private final ScaleServer server;
  private final MarkdownTable figures;
  private final int chunks;
  private final int workers;
  private final PostgresChunkStore database;
  private final MeteredStore store;
  private final ScaleCrew crew;

  private PostgresScale(ScaleServer server, int chunks, int workers) {
    this.server = server;
    this.chunks = chunks;
    this.workers = workers;
    database =
        PostgresChunkStore.builder(server.source()).withoutTrustedClock().schema(SCHEMA).open();
    store = new MeteredStore(database);
    crew = new ScaleCrew(store, "leader", workers, FLOOR);
    System.out.printf(
        Locale.ROOT,
        "PostgreSQL %s, fsync %s; %,d chunks, %,d replicas, %,d workers; %d processors, load"
            + " %.1f%n%n",
        server.version(),
        server.text("SHOW fsync"),
        chunks,
        FLOOR * chunks,
        workers,
        Runtime.getRuntime().availableProcessors(),
        java.lang.management.ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    figures = new MarkdownTable(System.out);
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    String url = text(args, "url", "");
    int missed;
    try (ScaleServer server = url.isEmpty() ? ScaleServer.start() : ScaleServer.at(url)) {
      int chunks = option(args, "chunks", 1_000_000);
      PostgresScale scale = new PostgresScale(server, chunks, option(args, "workers", 2_000));
      scale.fill();
      scale.rest();
      scale.change();
      scale.takeOver();
      scale.ingestOneByOne(option(args, "commits", 2_000));
      scale.age(option(args, "cycles", 10_000));
      missed = scale.figures.missed();
    }
    System.exit(missed == 0 ? 0 : 1);
  }

  private static int option(String[] args, String name, int otherwise) {
    return Integer.parseInt(text(args, name, Integer.toString(otherwise)));
  }

  private static String text(String[] args, String name, String otherwise) {
    for (String arg : args) {
      if (arg.startsWith(name + "=")) {
        return arg.substring(name.length() + 1);
      }
    }
    return otherwise;
  }

  private void fill() {
    crew.lead();
    crew.join(chunks);
    double ingest = seconds(() -> crew.ingest(chunks));
    figures.atLeast("bulk ingest through the leader", chunks / ingest, 60_000, " chunks/s");
    double before = server.bareCopySeconds(chunks, workers, FLOOR);
    crew.tick();
    double cycle = seconds(crew::schedule);
    double commit = store.commitSeconds();
    double bare = (before + server.bareCopySeconds(chunks, workers, FLOOR)) / 2;
    requireReplicas();
    String replicas = String.format(Locale.ROOT, "%,d replicas", FLOOR * chunks);
    figures.plain("bare COPY of " + replicas + ", before and after", bare, " s");
    figures.plain("the cycle that places " + replicas + ", planning included", cycle, " s");
    figures.atMost("the commit of that cycle", commit, 15, " s");
    figures.atMost("that commit over the bare COPY", commit / bare, 1.7, "");
    double reports = seconds(crew::reportAll);
    figures.plain("all workers report, one commit each", reports, " s");
    crew.tick();
    figures.plain("the first visibility cycle", seconds(crew::publish), " s");
    figures.plain("the commit of that cycle", store.commitSeconds(), " s");
    crew.schedule();
    server.execute("VACUUM ANALYZE; CHECKPOINT");
  }

  /** Throws {@link IllegalStateException} unless the replicas are as many as assumed. */
  private void requireReplicas() {
    long there = server.number("SELECT count(*) FROM " + SCHEMA + ".replica");
    if (there != (long) FLOOR * crew.chunks()) {
      throw new IllegalStateException(there + " replicas of " + crew.chunks() + " chunks");
    }
  }

  /** Measures pairs of cycles, a tick apart, with nothing to do. */
  private void rest() throws InterruptedException {
    settleStatistics();
    long written = server.rowsWritten(SCHEMA);
    double[] pairs = new double[IDLE_PAIRS];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = idlePair();
    }
    settleStatistics();
    figures.atMost("idle pair of cycles, median", 1e3 * MarkdownTable.median(pairs), 10, " ms");
    figures.atMost(
        "rows written by the idle pairs, except the lease",
        (double) (server.rowsWritten(SCHEMA) - written),
        0,
        "");
  }

  private double idlePair() {
    crew.tick();
    return seconds(() -> {
      crew.schedule();
      crew.publish();
    });
  }

  /**
   * Waits for the statistics: a backend reports its rows at the end of a transaction, a second
   * after its last report.
   */
  private void settleStatistics() throws InterruptedException {
    new CountDownLatch(1).await(1_100, TimeUnit.MILLISECONDS);
    idlePair();
  }

  private void change() {
    double[] replicas = new double[ROUNDS];
    double[] few = new double[ROUNDS];
    double[] placed = new double[ROUNDS];
    double[] many = new double[ROUNDS];
    double[] deltas = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      WorkerAssignmentId known = crew.stowage().fleet().ids().worker();
      replicas[i] = placing(1_000 / FLOOR);
      few[i] = showing(1_000 / FLOOR);
      placed[i] = placing(1_000);
      deltas[i] = seconds(() -> crew.delta(database, known));
      many[i] = showing(1_000);
    }
    requireReplicas();
    atMostSixty("commit of 999 new replicas", replicas);
    atMostSixty("commit that shows 333 chunks, 999 replicas confirmed", few);
    atMostSixty("commit of 3,000 new replicas of 1,000 chunks", placed);
    atMostSixty("commit that shows 1,000 chunks, 3,000 replicas confirmed", many);
    figures.atMost(
        "a worker's delta over two assignments", 1e3 * MarkdownTable.median(deltas), 3, " ms");
  }

  private void atMostSixty(String name, double[] seconds) {
    figures.atMost(name, 1e3 * MarkdownTable.median(seconds), 60, " ms");
  }

  /** Returns the commit seconds of a cycle that shows {@code count} chunks, all reported. */
  private double showing(int count) {
    crew.reportAll();
    crew.tick();
    int shown = crew.publish().promoted().size();
    if (shown != count) {
      throw new IllegalStateException(shown + " chunks were shown instead of " + count);
    }
    return store.commitSeconds();
  }

  private double placing(int count) {
    crew.ingest(count);
    crew.tick();
    crew.schedule();
    return store.commitSeconds();
  }

  private void takeOver() {
    MeteredStore other = new MeteredStore(database);
    ScaleCrew standby = new ScaleCrew(other, "leader", workers, FLOOR);
    double whole = seconds(standby::lead);
    figures.atMost("load at takeover, all rows read into a state", other.loadSeconds(), 5, " s");
    figures.plain("the claim with the load and the first view", whole, " s");
    crew.lead();
  }

  private void ingestOneByOne(int commits) throws Exception {
    Ingesters clients = new Ingesters(server);
    double beside = seconds(() -> ingestBeside(chunks / 10));
    figures.atLeast(
        "bulk ingest by another process",
        1.0 * Math.floorDiv(chunks, 10) / beside,
        60_000,
        " chunks/s");
    clients.chunksPerSecond(database, "warm", commits / 4);
    double before = clients.rowsPerSecond(commits);
    double ours = clients.chunksPerSecond(database, "timed", commits);
    double bare = (before + clients.rowsPerSecond(commits)) / 2;
    figures.plain("eight clients, a bare one-row INSERT each commit", bare, " commits/s");
    figures.plain("eight ingesters, one chunk each commit", ours, " commits/s");
    figures.atLeast("ingesters over bare clients", 100 * ours / bare, 70, " %");
    crew.tick();
    figures.plain("the leader takes in and places these chunks", seconds(crew::schedule), " s");
    crew.reportAll();
    crew.publish();
  }

  /** Measures cycles before and after many chunks came and went. */
  private void age(int cycles) {
    server.execute("VACUUM ANALYZE; CHECKPOINT");
    long bytes = server.bytes(SCHEMA);
    long history = historyBytes();
    double[] first = new double[SAMPLE];
    double[] last = new double[SAMPLE];
    for (int cycle = 0; cycle < cycles; cycle++) {
      double took = churn(cycle);
      if (cycle < SAMPLE) {
        first[cycle] = took;
      }
      if (cycle >= cycles - SAMPLE) {
        last[cycle - cycles + SAMPLE] = took;
      }
    }
    String times = String.format(Locale.ROOT, "%,d cycles later", cycles);
    figures.plain(
        "a pair of cycles that moves some chunks", 1e3 * MarkdownTable.median(first), " ms");
    figures.plain("the same pair, " + times, 1e3 * MarkdownTable.median(last), " ms");
    figures.atMost(
        "the later pair over the first",
        MarkdownTable.median(last) / MarkdownTable.median(first),
        1.2,
        "");
    long grown = server.bytes(SCHEMA) - bytes - (historyBytes() - history);
    figures.plain("tables and indexes before", bytes / 1e6, " MB");
    figures.atMost("growth of tables and indexes without history", 100.0 * grown / bytes, 20, " %");
    figures.plain("history (evidence, commit keys)", historyBytes() / 1e6, " MB");
  }

  private long historyBytes() {
    return server.bytes(SCHEMA, "evidence") + server.bytes(SCHEMA, "committed");
  }

  private double churn(int cycle) {
    crew.ingest(4);
    crew.removeOldest(4);
    crew.tick();
    double took =
        seconds(() -> {
          crew.schedule();
          crew.publish();
        });
    if (cycle % 100 == 99) {
      crew.reportAll();
      crew.purge();
    }
    return took;
  }

  private void ingestBeside(int count) {
    for (int from = 0; from < count; from += 20_000) {
      List<Chunk> batch = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + 20_000); i++) {
        batch.add(ScaleCrew.chunk("beside", i));
      }
      store.inbox().submit(new Command.Ingest(ProposedChunk.listOf(batch)), Tick.of(1));
    }
  }

  private static double seconds(Runnable step) {
    long begin = System.nanoTime();
    step.run();
    return (System.nanoTime() - begin) / 1e9;
  }
}
