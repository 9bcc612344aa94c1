package dev.stowage.sim.tool.demo;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.placement.WeightPolicy;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.Round;
import dev.stowage.sim.kit.world.World;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.NumberFormats;
import dev.stowage.sim.tool.report.ReplicaCounts;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.RunTiming;
import dev.stowage.sim.tool.report.RunTotals;
import dev.stowage.sim.tool.report.WorkerRecord;
import dev.stowage.sim.tool.report.ZoneLossRecord;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One telling of the demo's story. The same catalogue and settings give the same record, but for
 * its timing. Not thread-safe.
 */
public final class DemoRun {
  private static final double NANOS_PER_MILLI = 1e6;

  private final ChunkCatalogue catalogue;
  private final DemoSettings settings;
  private final LongSupplier stopwatch;
  private final ArrivalLedger arrivals = new ArrivalLedger();
  private final PlanLog plans = new PlanLog(PlacementPlanner.sticky(), arrivals::planned);
  private final StatelessBeside stateless = new StatelessBeside();
  private final ExecutorService auditor = Executors.newSingleThreadExecutor(DemoRun::beside);
  private final ExecutorService experimenter = Executors.newSingleThreadExecutor(DemoRun::beside);
  private final Stowage fleet;
  private final World world;
  private final DemoStory story;
  private final List<CycleRecord> cycles = new ArrayList<>();
  private final List<EventRecord> events = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final List<double[]> millis = new ArrayList<>();
  private final Map<String, Long> replicasOf = new HashMap<>();
  private CompletableFuture<String> planHash = CompletableFuture.completedFuture("");

  private CompletableFuture<ZoneLossRecord> loss =
      CompletableFuture.failedFuture(new IllegalStateException("not told yet"));

  /** The bytes that the stateless planner moves, by event, counted beside the story. */
  private final List<CompletableFuture<Long>> statelessBytes = new ArrayList<>();

  private @Nullable LifecycleSnapshot before;
  private @Nullable Counted counted;
  private long replicasBefore;
  private long fired;
  private @Nullable Round last;

  /** The counts of a state, by its digest. */
  private record Counted(long digest, ReplicaCounts replicas, FleetCensus.ChunkCounts chunks) {}

  private DemoRun(
      ChunkCatalogue catalogue,
      DemoSettings settings,
      LongSupplier stopwatch,
      EvidenceSink recorder,
      ChunkStore store) {
    this.catalogue = catalogue;
    this.settings = settings;
    this.stopwatch = stopwatch;
    Chance chance = Chance.ofSeed(settings.seed());
    fleet = Stowage.builder(store).config(config()).planner(plans).recorder(recorder).build();
    world = new World(fleet, worldSettings(), chance.split(), stopwatch, auditor);
    world.watch(arrivals);
    story = new DemoStory(fleet, world, catalogue, chance.split(), settings.workers());
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

  /** Creates a thread that judges copies of the state, so that the story need not wait. */
  private static Thread beside(Runnable work) {
    Thread thread = new Thread(work, "auditor");
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
        DemoRules.ROUND_TICKS, DemoRules.PORTALS, DemoRules.LOSS_PERCENT, DemoRules.FLOOR);
  }

  /** Tells the story from its beginning to its end; once. */
  public RunRecord tell(DemoListener listener) {
    try {
      return told(listener);
    } finally {
      auditor.shutdown();
      experimenter.shutdown();
    }
  }

  private RunRecord told(DemoListener listener) {
    long begun = stopwatch.getAsLong();
    loss = CompletableFuture.supplyAsync(() -> ZoneLossPicture.of(settings.seed()), experimenter);
    fleet.claim(world.nowNanos());
    List<DemoEvent> all = story.events();
    for (int i = 0; i < all.size(); i++) {
      double from = (double) i / all.size();
      double share = 1.0 / all.size();
      tell(all.get(i), (part, title, cycle) -> listener.at(from + part * share, title, cycle));
    }
    violations.addAll(world.violations());
    RunRecord told = record((stopwatch.getAsLong() - begun) / 1e9);
    fleet.close();
    return told;
  }

  private void tell(DemoEvent event, DemoListener listener) {
    EventLedger ledger = new EventLedger(fleet.snapshot());
    long first = cycles.size() + 1L;
    long firedBefore = fired;
    long moved = 0;
    long drained = 0;
    int quiet = 0;
    listener.at(0, event.title(), cycles.size());
    for (int round = 0; round < event.leastRounds() || quiet < restAfter(); round++) {
      if (round == DemoRules.MOST_ROUNDS) {
        stuck(event);
        break;
      }
      event.act().before(round, ledger);
      Round done = world.round(this::planned);
      quiet = done.isQuiet() ? quiet + 1 : 0;
      moved += done.movedBytes();
      fired += done.fired();
      drained += take(done);
      double share = Math.min(1, (round + 1.0) / (event.leastRounds() + 12));
      listener.at(share, event.title(), cycles.size());
    }
    world.judgeWhole();
    events.add(
        new EventRecord(
            event.name(),
            event.title(),
            first,
            cycles.size(),
            moved,
            ledger.minimum(fleet.snapshot()),
            0,
            fired - firedBefore,
            drained));
    List<WorkerId> emptied = ledger.emptied();
    PlacementInput problem = plans.problem().orElseThrow();
    statelessBytes.add(
        CompletableFuture.supplyAsync(() -> stateless.moved(problem, emptied), experimenter));
  }

  /**
   * Returns the quiet rounds after which a fleet is at rest: two where every replica is confirmed,
   * or a drain window and two more where a replica may still wait for the end of a window.
   */
  private int restAfter() {
    if (cycles.isEmpty()) {
      return 2;
    }
    ReplicaCounts counts = cycles.get(cycles.size() - 1).replicas();
    return counts.total() == counts.confirmed()
        ? 2
        : 2 + (int) (DemoRules.DRAIN_WINDOW_TICKS / DemoRules.ROUND_TICKS);
  }

  /**
   * Records a violation if a fleet with room for everything does not come to rest; a fleet that is
   * too small may go on trying.
   */
  private void stuck(DemoEvent event) {
    Result.Scheduled end = Objects.requireNonNull(last).scheduled();
    if (end.deferred().isEmpty() && end.shortfalls().isEmpty()) {
      violations.add(
          "liveness: the fleet is not at rest "
              + DemoRules.MOST_ROUNDS
              + " rounds after: "
              + event.title());
    }
  }

  /** Records a round; returns the number of deleted replicas, without those of departed workers. */
  private long take(Round done) {
    last = done;
    LifecycleSnapshot books = fleet.snapshot();
    FleetCensus census = new FleetCensus(books);
    Counted known = counted;
    // Rows that are the same count the same.
    Counted now = known != null && known.digest() == books.digest() ? known : count(books);
    counted = now;
    ReplicaCounts counts = now.replicas();
    List<WorkerRecord> workers = census.workers();
    long gone = replicasBefore + done.added() - counts.total();
    for (WorkerRecord worker : workers) {
      long had = replicasOf.getOrDefault(worker.name(), 0L);
      gone -= worker.status().equals("departed") ? had : 0;
      replicasOf.put(worker.name(), worker.replicas());
    }
    replicasBefore = counts.total();
    millis.add(
        new double[] {
          done.times().scheduleNanos() / NANOS_PER_MILLI,
          done.times().publishNanos() / NANOS_PER_MILLI,
          done.times().auditNanos() / NANOS_PER_MILLI,
          done.times().slowestNanos() / NANOS_PER_MILLI
        });
    cycles.add(
        new CycleRecord(
            cycles.size() + 1,
            done.tick(),
            done.scheduled().budget(),
            done.bytesAddedByCause(),
            arrivals.settle(before == null ? books : before, books),
            done.freedBytes(),
            counts,
            now.chunks().visible(),
            now.chunks().underFloor(),
            now.chunks().unreadable(),
            done.scheduled().deferred().size(),
            done.scheduled().shortfalls().stream().mapToLong(each -> each.missing()).sum(),
            done.scheduled().stuck().size(),
            done.laggingPortals(),
            census.level(),
            census.fill(),
            planHash.join()));
    before = books;
    return gone;
  }

  /** Hashes the plan beside the rest of the round, which does not plan. */
  private void planned() {
    planHash = CompletableFuture.supplyAsync(plans::hash, auditor);
  }

  private static Counted count(LifecycleSnapshot books) {
    FleetCensus census = new FleetCensus(books);
    return new Counted(books.digest(), census.replicas(), census.chunks());
  }

  private RunRecord record(double seconds) {
    FleetCensus census = new FleetCensus(fleet.snapshot());
    CycleRecord end = cycles.get(cycles.size() - 1);
    double[] balance = census.balance();
    SortedMap<Integer, Integer> targets = plans.targets();
    RunTotals totals =
        new RunTotals(
            census.chunks().live(),
            census.replicas().total(),
            catalogue.corrections().size(),
            fired,
            end.deferred(),
            end.shortfalls(),
            Objects.requireNonNull(last).scheduled().backpressure(),
            balance[0],
            balance[1]);
    return new RunRecord(
        title(),
        settings.command(),
        settings.seed(),
        DemoRules.shown(settings.workers()),
        besideTheStateless(),
        cycles,
        census.weights(weight -> targets.getOrDefault(weight, 0)),
        census.workers(),
        totals,
        lastPlan(census),
        loss.join(),
        timing(seconds),
        world.checks(),
        violations);
  }

  private List<EventRecord> besideTheStateless() {
    List<EventRecord> all = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      all.add(events.get(i).withStateless(statelessBytes.get(i).join()));
    }
    return all;
  }

  private LastPlan lastPlan(FleetCensus census) {
    List<LastPlan.StuckReplica> stuck =
        Objects.requireNonNull(last).scheduled().stuck().stream()
            .map(each ->
                new LastPlan.StuckReplica(
                    each.chunk().toString(),
                    each.worker().value(),
                    each.sizeBytes(),
                    each.reason().name().toLowerCase(Locale.ROOT),
                    each.eligibleWorkers(),
                    each.mostRoomBytes()))
            .toList();
    return new LastPlan(
        plans.groups(), new DomainCensus(fleet.snapshot()).limits(), census.leaving(), stuck);
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

  private RunTiming timing(double seconds) {
    double schedule = 0;
    double publish = 0;
    double audit = 0;
    double slowest = 0;
    for (double[] each : millis) {
      schedule += each[0];
      publish += each[1];
      audit += each[2];
      slowest = Math.max(slowest, each[3]);
    }
    return new RunTiming(
        seconds, schedule / millis.size(), publish / millis.size(), audit / millis.size(), slowest);
  }
}
