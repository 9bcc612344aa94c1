package dev.stowage.benchmarks.postgres;

import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.Result;
import dev.stowage.storage.postgres.PostgresChunkStore;
import java.util.Locale;

/**
 * The cost of placing and showing a whole fleet for the first time, and of a leader that takes it
 * over: with the default settings of an engine, audits included, on a server with {@code fsync} on.
 * Time is simulated, and counts as the caller says. {@code chunks=1000000 workers=2000
 * bound=1000000 url=jdbc:...}, where {@code bound} is {@code maxChunksPerCycle}.
 */
public final class FirstVisibility {
  private static final String SCHEMA = "fleet";
  private static final int FLOOR = 3;

  private final ScaleServer server;
  private final MeteredStore store;
  private final ScaleCrew crew;
  private final int chunks;
  private int visible;

  private FirstVisibility(ScaleServer server, PostgresChunkStore database, String[] args) {
    this.server = server;
    chunks = (int) number(args, "chunks", 1_000_000);
    int workers = (int) number(args, "workers", 2_000);
    store = new MeteredStore(database);
    long bound = number(args, "bound", LifecycleConfig.defaults().maxChunksPerCycle());
    crew = ScaleCrew.bounded(store, workers, FLOOR, bound);
  }

  /** Runs it. */
  public static void main(String[] args) {
    String url = text(args, "url", "");
    try (ScaleServer server = url.isEmpty() ? ScaleServer.start() : ScaleServer.at(url);
        PostgresChunkStore database =
            PostgresChunkStore.builder(server.source())
                .withoutTrustedClock()
                .schema(SCHEMA)
                .open()) {
      new FirstVisibility(server, database, args).run();
    }
  }

  private void run() {
    crew.lead();
    crew.join(chunks);
    crew.ingest(chunks);
    Phase placed = new Phase("first placement");
    while (placed.isMore) {
      placed.cycle(() -> crew.schedule().more());
    }
    placed.print();
    server.execute("CHECKPOINT");
    crew.reportAll();
    Phase shown = new Phase("first visibility");
    while (shown.isMore) {
      shown.cycle(this::show);
    }
    if (visible != chunks) {
      throw new IllegalStateException(visible + " chunks were shown instead of " + chunks);
    }
    shown.print();
    server.execute("VACUUM ANALYZE; CHECKPOINT");
    crew.lead();
    System.out.printf(Locale.ROOT, "load at takeover: %.2f s%n", store.loadSeconds());
  }

  private boolean show() {
    Result.Published cycle = crew.publish();
    visible += cycle.promoted().size();
    return cycle.more();
  }

  /** A step of a cycle; reports whether there is more to do. */
  private interface Step {
    boolean run();
  }

  private final class Phase {
    private final String name;
    private int cycles;
    private double seconds;
    private double commits;
    private double longest;
    private boolean isMore = true;

    Phase(String name) {
      this.name = name;
    }

    void cycle(Step step) {
      crew.tick();
      long begin = System.nanoTime();
      isMore = step.run();
      seconds += (System.nanoTime() - begin) / 1e9;
      cycles++;
      commits += store.commitSeconds();
      longest = Math.max(longest, store.commitSeconds());
    }

    void print() {
      System.out.printf(
          Locale.ROOT,
          "%s of %,d chunks: %.1f s in %d cycles; all commits %.1f s, the longest %.2f s%n",
          name,
          chunks,
          seconds,
          cycles,
          commits,
          longest);
    }
  }

  private static long number(String[] args, String name, long otherwise) {
    return Long.parseLong(text(args, name, Long.toString(otherwise)));
  }

  private static String text(String[] args, String name, String otherwise) {
    for (String arg : args) {
      if (arg.startsWith(name + "=")) {
        return arg.substring(name.length() + 1);
      }
    }
    return otherwise;
  }
}
