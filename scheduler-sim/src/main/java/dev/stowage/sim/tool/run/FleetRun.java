package dev.stowage.sim.tool.run;

import dev.stowage.FleetCensus;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.answer.Leaving;
import dev.stowage.audit.Audit;
import dev.stowage.command.Result;
import dev.stowage.content.ContentQueue;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.model.Chunk;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.Round;
import dev.stowage.sim.kit.world.World;
import dev.stowage.sim.kit.world.WorldFindings;
import dev.stowage.sim.kit.world.WorldParts;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.report.CycleRecord;
import dev.stowage.sim.tool.report.EventRecord;
import dev.stowage.sim.tool.report.LastPlan;
import dev.stowage.sim.tool.report.ReplicaCounts;
import dev.stowage.sim.tool.report.RunRecord;
import dev.stowage.sim.tool.report.RunTiming;
import dev.stowage.sim.tool.report.RunTotals;
import dev.stowage.sim.tool.report.WorkerRecord;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A fleet in a simulated world, and the record of its rounds and events. Rounds belong to the event
 * that began last. Not thread-safe.
 */
public final class FleetRun implements AutoCloseable {
  private static final String LEDGER = "ledger";
  private static final double NANOS_PER_MILLI = 1e6;

  /** The share of a link's rate from which on it is busy. */
  private static final double BUSY = 0.5;

  private final LongSupplier stopwatch;
  private final ArrivalLedger arrivals = new ArrivalLedger();
  private final PlanLog plans;
  private final ExecutorService auditor = Executors.newSingleThreadExecutor(FleetRun::beside);
  private final DrawnHost host;
  private final Stowage fleet;
  private final World world;
  private final List<CycleRecord> cycles = new ArrayList<>();
  private final List<EventRecord> events = new ArrayList<>();
  private final WorldFindings findings = new WorldFindings();
  private final List<String> notes = new ArrayList<>();
  private final List<double[]> millis = new ArrayList<>();
  private final Map<String, Long> replicasOf = new HashMap<>();
  private CompletableFuture<String> planHash = CompletableFuture.completedFuture("");
  private final double roundSeconds;
  private final long begun;

  private @Nullable LifecycleSnapshot before;
  private @Nullable Counted counted;
  private @Nullable Open open;
  private long held;
  private long replicasBefore;
  private long fired;
  private int hottest;
  private @Nullable Round last;

  /** The counts of a state, by its digest and the workers that run. */
  private record Counted(long digest, BitSet up, BookCounts.Counts counts, long toGo) {
    boolean isOf(LifecycleSnapshot books, BitSet running) {
      return digest == books.digest() && up.equals(running);
    }
  }

  /** The event that began last. */
  private static final class Open {
    final String name;
    final String title;
    final EventLedger ledger;
    final long first;
    long moved;
    long fired;
    long drained;

    Open(String name, String title, EventLedger ledger, long first) {
      this.name = name;
      this.title = title;
      this.ledger = ledger;
      this.first = first;
    }
  }

  /**
   * Creates a run that has not begun; its facade leads the store from now on.
   *
   * @param store the store, whose fleet has not begun; the caller closes it
   * @param config the configuration of the facade
   * @param planner plans its cycles
   * @param recorder receives the evidence; the caller closes it
   * @param settings how the world is made
   * @param chance where all chance of the world comes from
   * @param stopwatch nanoseconds since an arbitrary time; it decides nothing
   * @param order makes the queue of transfers from the usual one
   */
  public FleetRun(
      FleetStore store,
      StowageConfig config,
      PlacementPlanner planner,
      EvidenceSink recorder,
      WorldSettings settings,
      Chance chance,
      LongSupplier stopwatch,
      UnaryOperator<ContentQueue> order) {
    this.stopwatch = Objects.requireNonNull(stopwatch, "stopwatch");
    plans = new PlanLog(planner, arrivals::planned, arrivals::plannedFromScratch);
    roundSeconds = config.tickLength().toNanos() * settings.roundTicks() / 1e9;
    WorldParts parts = settings.parts();
    host =
        new DrawnHost(
            parts,
            parts.equals(WorldParts.NONE) ? 0 : chance.next(),
            config.tickLength().toNanos() * settings.roundTicks(),
            findings);
    fleet = host.lead(Stowage.builder(store).config(config).with(plans).with(recorder));
    world = new World(fleet, settings, chance, stopwatch, auditor, order);
    world.watch(arrivals);
    world.watchCycles((old, young, cycle) -> host.scheduled(fleet, old, young, cycle));
    if (parts.pressure() > 0) {
      world.observing(host::pressure);
    }
    begun = stopwatch.getAsLong();
  }

  /** Creates a thread that judges copies of the state, so that the run need not wait. */
  private static Thread beside(Runnable work) {
    Thread thread = new Thread(work, "beside a run");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns the facade of the fleet. */
  public Stowage fleet() {
    return fleet;
  }

  /** Returns the world around the fleet. */
  public World world() {
    return world;
  }

  /**
   * Ingests chunks. What the governor of the host refuses comes again with the next round. Returns
   * another refusal; empty if there is none.
   */
  public Optional<Result.Batch> ingest(List<Chunk> chunks) {
    return host.ingest(fleet, chunks, world.nowNanos());
  }

  /** Sets whether nothing fails but wires, as while a fleet is filled for the first time. */
  public void calm(boolean calm) {
    host.calm(calm);
    world.calm(calm);
  }

  /** Reports whether nothing happened in the last round, and no chunk waits to come again. */
  public boolean isQuiet() {
    return last != null && last.isQuiet() && host.waitingCount() == 0;
  }

  /** Returns the number of rounds so far. */
  public int rounds() {
    return cycles.size();
  }

  /** Returns the record of the last round; null before the first. */
  public @Nullable CycleRecord lastCycle() {
    return cycles.isEmpty() ? null : cycles.get(cycles.size() - 1);
  }

  /** Returns the workers as they are now, in order of position. */
  public List<WorkerRecord> workers() {
    return new BookCounts(fleet.ask(Audit.STATE)).workers();
  }

  /** Begins an event; ends the one before it. */
  public void begins(String name, String title) {
    ends();
    open = new Open(name, title, new EventLedger(fleet.ask(Audit.STATE)), cycles.size() + 1L);
  }

  /** Forgets for the minimum of the event that began last what a worker held before it. */
  public void lost(WorkerId worker) {
    Open event = open;
    if (event != null) {
      event.ledger.lost(worker);
    }
  }

  /** Counts a chunk that another one replaces within the event that began last. */
  public void passing(Chunk chunk) {
    Open event = open;
    if (event != null) {
      event.ledger.passing(chunk);
    }
  }

  /**
   * Ends the event that began last, and judges the whole world; does nothing if there is none, or
   * no round since it began.
   */
  public void ends() {
    Open event = open;
    if (event == null) {
      return;
    }
    open = null;
    if (cycles.size() >= event.first) {
      world.judgeWhole();
      events.add(
          new EventRecord(
              event.name,
              event.title,
              event.first,
              cycles.size(),
              event.moved,
              event.ledger.minimum(fleet.ask(Audit.STATE)),
              event.fired,
              event.drained));
    }
  }

  /** Records what the run did not do, in a sentence. */
  public void note(String what) {
    notes.add(what);
  }

  /** Records that something broke a promise. */
  public void violated(String promise, String found) {
    findings.violated(promise, found);
  }

  /** Runs one round of the world, and records it. */
  public Round round() {
    host.again(fleet, world.nowNanos());
    hottest = host.read(fleet.ask(Audit.STATE), world.running().size());
    host.report(world.running(), world.nowNanos());
    Round done = world.round(this::planned);
    findings.checked(LEDGER, 1);
    if (!done.bytes().follow(held)) {
      violated(LEDGER, done.bytes() + " does not follow on " + held + " bytes held before");
    }
    held = done.bytes().held();
    long drained = take(done);
    Open event = open;
    if (event != null) {
      event.moved += done.movedBytes();
      event.fired += done.fired();
      event.drained += drained;
    }
    fired += done.fired();
    return done;
  }

  /** Records a round; returns the number of deleted replicas, without those of departed workers. */
  private long take(Round done) {
    last = done;
    LifecycleSnapshot books = fleet.ask(Audit.STATE);
    BookCounts census = new BookCounts(books);
    Counted known = counted;
    // Rows that are the same count the same.
    BitSet up = census.up(world::isUp);
    if (known == null || !known.isOf(books, up)) {
      FleetCensus told = fleet.census(Duration.ZERO).orElseThrow();
      known =
          new Counted(books.digest(), up, census.counts(up, told), told.progress().all().copies());
      counted = known;
    }
    BookCounts.Counts now = known.counts();
    ReplicaCounts counts = now.replicas();
    List<String> busy = new ArrayList<>();
    addBusy(busy, "downlink ", arrivals.received(), it -> it.downlinkBytesPerSecond());
    addBusy(busy, "uplink ", arrivals.sent(), it -> it.uplinkBytesPerSecond());
    SortedMap<String, Long> came = arrivals.settle(before == null ? books : before, books);
    if (came.values().stream().mapToLong(Long::longValue).sum() != done.movedBytes()) {
      violated(LEDGER, done.movedBytes() + " bytes came, by cause " + came);
    }
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
            came,
            done.bytes().freed(),
            counts,
            now.chunks(),
            known.toGo(),
            done.scheduled().deferred().size(),
            done.scheduled().shortfalls().stream().mapToLong(each -> each.missing()).sum(),
            done.scheduled().stuck().size(),
            leaving(census),
            done.laggingPortals(),
            census.level(),
            census.fill(),
            hottest,
            busy,
            planHash.join()));
    before = books;
    return gone;
  }

  private void addBusy(
      List<String> busy,
      String link,
      SortedMap<WorkerId, Long> carried,
      ToLongFunction<Worker.Description> bytesPerSecond) {
    carried.forEach((worker, bytes) -> {
      Worker.Description of = world.described(worker).description();
      if (bytes >= BUSY * bytesPerSecond.applyAsLong(of) * roundSeconds) {
        busy.add(link + worker.value());
      }
    });
  }

  /** Returns the number of workers that are to leave and may not be stopped yet. */
  private long leaving(BookCounts census) {
    List<WorkerId> all = census.leaving().stream().map(each -> WorkerId.of(each.worker())).toList();
    long unsafe = 0;
    for (int from = 0; from < all.size(); from += Leaving.MOST_WORKERS) {
      int to = Math.min(all.size(), from + Leaving.MOST_WORKERS);
      unsafe += fleet.leaving(all.subList(from, to)).stream().filter(it -> !it.isSafe()).count();
    }
    return unsafe;
  }

  /** Hashes the plan beside the rest of the round, which does not plan. */
  private void planned() {
    planHash = CompletableFuture.supplyAsync(plans::hash, auditor);
  }

  /**
   * Ends the last event, and returns the record of at least one round.
   *
   * @param title its headline
   * @param command the command line that runs it again
   * @param seed all chance of the run comes from it
   * @param configuration names and values in the order in which they are shown
   * @param corrections the number of swaps that the input names
   * @param mayEndUnderWay whether the run is to end before the fleet is whole
   */
  public RunRecord record(
      String title,
      String command,
      long seed,
      Map<String, String> configuration,
      int corrections,
      boolean mayEndUnderWay) {
    ends();
    List<String> found = new ArrayList<>(findings.violations());
    found.addAll(world.violations());
    SortedMap<String, Long> checks = world.checks();
    checks.putAll(findings.checks());
    BookCounts census = new BookCounts(fleet.ask(Audit.STATE));
    CycleRecord end = Objects.requireNonNull(lastCycle(), "a run has at least one round");
    double[] balance = census.balance();
    SortedMap<Integer, Integer> targets = plans.targets();
    RunTotals totals =
        new RunTotals(
            end.chunks().live(),
            end.replicas().total(),
            corrections,
            fired,
            end.deferred(),
            end.shortfalls(),
            Objects.requireNonNull(last).scheduled().backpressure(),
            balance[0],
            balance[1]);
    return new RunRecord(
        title,
        command,
        seed,
        configuration,
        events,
        cycles,
        census.weights(weight -> targets.getOrDefault(weight, 0)),
        census.workers(),
        totals,
        lastPlan(census),
        timing((stopwatch.getAsLong() - begun) / 1e9),
        mayEndUnderWay,
        notes,
        checks,
        found);
  }

  private LastPlan lastPlan(BookCounts census) {
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
        plans.groups(), new DomainCensus(fleet.ask(Audit.STATE)).limits(), census.leaving(), stuck);
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

  /** Closes the facade; the store stays open. */
  @Override
  public void close() {
    auditor.shutdown();
    world.close();
    fleet.close();
  }
}
