package dev.stowage.sim.tool.demo;

import dev.stowage.AuditLevel;
import dev.stowage.StowageConfig;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.WorldFaults;
import dev.stowage.sim.kit.world.WorldParts;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.NumberFormats;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.ZoneLossRecord;
import dev.stowage.sim.tool.run.EventLedger;
import dev.stowage.sim.tool.run.FleetRun;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * One telling of the demo's story. The same catalogue and settings give the same record, but for
 * its timing. Not thread-safe.
 */
public final class DemoRun {
  private final ChunkCatalogue catalogue;
  private final DemoSettings settings;
  private final ExecutorService experimenter = Executors.newSingleThreadExecutor(DemoRun::beside);
  private final FleetRun run;
  private final DemoStory story;

  private LongFunction<ZoneLossRecord> experiment = ZoneLossPicture::of;
  private CompletableFuture<ZoneLossRecord> loss =
      CompletableFuture.failedFuture(new IllegalStateException("not told yet"));

  private DemoRun(
      ChunkCatalogue catalogue,
      DemoSettings settings,
      LongSupplier stopwatch,
      EvidenceSink recorder,
      ChunkStore store) {
    this.catalogue = catalogue;
    this.settings = settings;
    Chance chance = Chance.ofSeed(settings.seed());
    run =
        new FleetRun(
            store,
            config(),
            PlacementPlanner.sticky(),
            recorder,
            worldSettings(),
            chance.split(),
            stopwatch);
    story = new DemoStory(run, catalogue, chance.split(), settings.workers());
  }

  /** Leaves the experiment of a lost zone out: its record is {@link ZoneLossRecord#NONE}. */
  DemoRun withoutExperiment() {
    experiment = seed -> ZoneLossRecord.NONE;
    return this;
  }

  /** Creates a run in memory that has not begun; the parameters are those of the other factory. */
  public static DemoRun of(
      ChunkCatalogue catalogue,
      DemoSettings settings,
      LongSupplier stopwatch,
      EvidenceSink recorder) {
    ChunkStore store = MemoryChunkStore.builder().fixedLineages().build();
    return of(catalogue, settings, stopwatch, recorder, store);
  }

  /**
   * Creates a run that has not begun.
   *
   * @param catalogue the stored chunks
   * @param settings the seed, the fleet, and their description in the report
   * @param stopwatch nanoseconds since an arbitrary time; it decides nothing
   * @param recorder receives the evidence; the caller closes it
   * @param store the store, whose fleet has not begun; the caller closes it
   */
  public static DemoRun of(
      ChunkCatalogue catalogue,
      DemoSettings settings,
      LongSupplier stopwatch,
      EvidenceSink recorder,
      ChunkStore store) {
    return new DemoRun(
        Objects.requireNonNull(catalogue, "catalogue"),
        Objects.requireNonNull(settings, "settings"),
        Objects.requireNonNull(stopwatch, "stopwatch"),
        Objects.requireNonNull(recorder, "recorder"),
        Objects.requireNonNull(store, "store"));
  }

  private static Thread beside(Runnable work) {
    Thread thread = new Thread(work, "experimenter");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns the configuration. Every demo has the same name, so that one after an interrupted one
   * need not wait for its lease.
   */
  private static StowageConfig config() {
    LifecycleConfig lifecycle =
        LifecycleConfig.builder()
            .minReplication(DemoRules.FLOOR)
            .maxReplication(WeightPolicy.UNCAPPED)
            .drainWindowTicks(DemoRules.DRAIN_WINDOW_TICKS)
            .suspectAfterTicks(DemoRules.SUSPECT_AFTER_TICKS)
            .departAfterTicks(DemoRules.DEPART_AFTER_TICKS)
            .regrowAfterTicks(DemoRules.REGROW_AFTER_TICKS)
            .placement(placement())
            .build();
    return StowageConfig.defaults()
        .withHolder("demo")
        .withFleet(lifecycle)
        .withAudit(AuditLevel.OFF);
  }

  private static PlacementConfig placement() {
    SortedMap<Integer, Integer> mostByLevel = new TreeMap<>();
    mostByLevel.put(DemoFleet.RACK_LEVEL, DemoRules.MOST_IN_A_RACK);
    return PlacementConfig.builder()
        .saturation(DemoRules.SATURATION)
        .maxPerDomain(mostByLevel)
        .build();
  }

  private static WorldSettings worldSettings() {
    return new WorldSettings(
        DemoRules.ROUND_TICKS,
        DemoRules.PORTALS,
        WorldFaults.ofLoss(DemoRules.LOSS_PERCENT),
        WorldParts.NONE,
        DemoRules.FLOOR,
        1);
  }

  /** Tells the story from its beginning to its end; once. */
  public RunRecord tell(DemoListener listener) {
    try (run) {
      return told(listener);
    } finally {
      experimenter.shutdown();
    }
  }

  private RunRecord told(DemoListener listener) {
    run.fleet().claim(run.world().nowNanos());
    List<DemoEvent> all = story.events();
    for (int i = 0; i < all.size(); i++) {
      double from = (double) i / all.size();
      double share = 1.0 / all.size();
      run.calm(i == 0);
      tell(all.get(i), (part, title, cycle) -> listener.at(from + part * share, title, cycle));
      if (i == 0) {
        // Not beside the first event, which needs both cores while its code is cold.
        loss = CompletableFuture.supplyAsync(() -> experiment.apply(settings.seed()), experimenter);
      }
    }
    return run.record(
        title(),
        settings.command(),
        settings.seed(),
        DemoRules.shown(settings.workers()),
        catalogue.corrections().size(),
        loss.join());
  }

  private void tell(DemoEvent event, DemoListener listener) {
    EventLedger ledger = run.begins(event.name(), event.title());
    int quiet = 0;
    listener.at(0, event.title(), run.rounds());
    for (int round = 0; round < event.leastRounds() || quiet < restAfter(); round++) {
      if (round == DemoRules.MOST_ROUNDS) {
        stuck(event);
        break;
      }
      event.act().before(round, ledger);
      run.round();
      quiet = run.isQuiet() ? quiet + 1 : 0;
      double share = Math.min(1, (round + 1.0) / (event.leastRounds() + 12));
      listener.at(share, event.title(), run.rounds());
    }
    run.ends();
  }

  /**
   * Returns the quiet rounds after which a fleet is at rest: two where every replica is confirmed,
   * or a drain window and two more where a replica may still wait for the end of a window.
   */
  private int restAfter() {
    CycleRecord last = run.lastCycle();
    return last == null || last.replicas().total() == last.replicas().confirmed()
        ? 2
        : 2 + (int) (DemoRules.DRAIN_WINDOW_TICKS / DemoRules.ROUND_TICKS);
  }

  /**
   * Records a violation if a fleet with room for everything does not come to rest; a fleet that is
   * too small may go on trying.
   */
  private void stuck(DemoEvent event) {
    CycleRecord end = Objects.requireNonNull(run.lastCycle());
    if (end.deferred() + end.shortfalls() == 0) {
      run.violated(
          "liveness: the fleet is not at rest "
              + DemoRules.MOST_ROUNDS
              + " rounds after: "
              + event.title());
    }
  }

  private String title() {
    return settings.catalogueName()
        + " ("
        + NumberFormats.count(catalogue.chunks().size())
        + " chunks, "
        + NumberFormats.bytes(catalogue.totalBytes())
        + ") on "
        + settings.workers()
        + (settings.workers() == 1 ? " mirror" : " mirrors");
  }
}
