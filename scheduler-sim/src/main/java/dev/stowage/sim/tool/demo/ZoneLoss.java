package dev.stowage.sim.tool.demo;

import dev.stowage.AuditLevel;
import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.lifecycle.BudgetInForce;
import dev.stowage.lifecycle.ChunkState;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.MovementBudget;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.pressure.PressureSnapshot;
import dev.stowage.sim.kit.scenario.oracles.Slots;
import dev.stowage.sim.kit.scenario.oracles.UrgencyOracle;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.Links;
import dev.stowage.sim.kit.world.SimulatedWorker;
import dev.stowage.sim.kit.world.Transport;
import dev.stowage.sim.kit.world.World;
import dev.stowage.sim.kit.world.WorldSettings;
import dev.stowage.sim.tool.run.FirstCome;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An experiment: a zone of mirrors is lost while a release spreads over the fleet and readers take
 * a third of all links. It runs in one of two ways with the same planner, fleet, content, links and
 * seed: <em>joined</em>, where the transfers of the library bring the bytes and the pressure of the
 * network is observed each second, or <em>first come, first served</em>, where workers get what was
 * assigned to them in its order, each chunk from the first worker that has it, and no pressure is
 * observed. A tick is a second. Belongs to one thread.
 */
public final class ZoneLoss {
  private static final int ZONES = 6;
  private static final int FLOOR = 2;
  private static final long MIB = 1 << 20;
  private static final long LINK = 64 * MIB;

  /** The share of a link that transfers may take; the rest is left to readers. */
  private static final double SHARE = 0.35;

  private static final double READERS = 1.0 / 3;
  private static final int LOST_AT = 20;
  private static final int END = 200;
  private static final int FLAKY = 6;
  private static final int[] WEIGHTS = {1, 1, 1, 2, 4};

  private final Settings settings;
  private final Chance chance;
  private final Stowage fleet;
  private final World world;
  private final Set<WorkerId> flaky = new HashSet<>();
  private final Chance hazard;
  private final List<WorkerId> mirrors = new ArrayList<>();
  private final List<Second> seconds = new ArrayList<>();
  private final List<double[]> latencies = new ArrayList<>();
  private final Map<String, Long> leaving = new TreeMap<>();
  private Map<WorkerId, SimulatedWorker> workers = Map.of();

  private final Set<ChunkNumber> visible = new HashSet<>();

  private final Map<WorkerId, Set<ChunkNumber>> heldAtLoss = new HashMap<>();

  /** The chunks that arrived since, with their sizes in bytes. */
  private final Map<WorkerId, Map<ChunkNumber, Long>> came = new HashMap<>();

  private @Nullable Links links;
  private @Nullable Transport transport;
  private int chunks;
  private double utilization = READERS;

  /**
   * The settings of an experiment.
   *
   * @param mirrors the number of mirrors in six zones, at least 12
   * @param chunks the number of chunks at first, at least 1; twice as many come as a release
   * @param seed the seed of all chance
   * @param isJoined true if the transfers and the feedback of the library are used
   */
  public record Settings(int mirrors, int chunks, long seed, boolean isJoined) {
    /** Refuses values out of range with {@link IllegalArgumentException}. */
    public Settings {
      if (mirrors < 12 || chunks < 1) {
        throw new IllegalArgumentException(
            "mirrors is " + mirrors + ", chunks is " + chunks + "; at least 12 and 1 are accepted");
      }
    }
  }

  /**
   * One second.
   *
   * @param band the band of pressure at its end
   * @param waiting copies that wait to leave
   * @param budget the movement budget that the plan had
   * @param atRisk chunks at risk of those that were visible when the zone was lost
   * @param belowFloor the same of chunks that are possessed below their floor
   * @param bytes bytes of the copies that left, by class
   */
  public record Second(
      String band,
      int waiting,
      BudgetInForce budget,
      int atRisk,
      int belowFloor,
      Map<String, Long> bytes) {}

  /**
   * The outcome of an experiment.
   *
   * @param settings its settings
   * @param lostAt the second in which the zone was lost
   * @param seconds the observations of each second
   * @param secondsAtRisk seconds from the loss until no chunk was at risk
   * @param secondsBelowFloor seconds from the loss until every floor was restored
   * @param p99Millis the 99th percentile of the latency of readers from the loss on
   * @param wastedBytes bytes that arrived spoiled, or arrived after the loss and were deleted
   *     before the end
   * @param movedBytes all bytes that arrived
   * @param violations the findings of the oracles of the world
   */
  public record Outcome(
      Settings settings,
      int lostAt,
      List<Second> seconds,
      int secondsAtRisk,
      int secondsBelowFloor,
      double p99Millis,
      long wastedBytes,
      long movedBytes,
      List<String> violations) {}

  private ZoneLoss(Settings settings) {
    this.settings = settings;
    chance = Chance.ofSeed(settings.seed());
    hazard = chance.split();
    LifecycleConfig config =
        LifecycleConfig.builder()
            .minReplication(FLOOR)
            .drainWindowTicks(2)
            .placement(
                PlacementConfig.builder()
                    .saturation(0.75)
                    .budget(
                        new MovementBudget(
                            8L << 30, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))
                    .build())
            .build();
    fleet =
        Stowage.builder(MemoryChunkStore.builder().fixedLineages().build())
            .config(
                StowageConfig.defaults()
                    .withHolder("experiment")
                    .withFleet(config)
                    .withAudit(AuditLevel.OFF))
            .build();
    world =
        new World(
            fleet,
            new WorldSettings(1, 1, 0, FLOOR),
            chance.split(),
            () -> 0,
            Runnable::run,
            (leading, all) -> {
              workers = all;
              return made(leading, all);
            });
  }

  private Transport made(Supplier<Stowage> leading, Map<WorkerId, SimulatedWorker> all) {
    if (settings.isJoined()) {
      Links joined = new Links(1, leading, all);
      joined.spoil(this::spoils);
      joined.watch(copy ->
          leaving.merge(
              copy.decision().item().priorityClass().displayName(),
              copy.chunk().orElseThrow().sizeBytes(),
              Long::sum));
      links = joined;
      transport = joined;
      return joined;
    }
    Transport first = new FirstCome(1, all, this::spoils);
    transport = first;
    return first;
  }

  /** Runs an experiment. */
  public static Outcome run(Settings settings) {
    ZoneLoss experiment = new ZoneLoss(settings);
    try {
      return experiment.run();
    } finally {
      experiment.fleet.close();
    }
  }

  private Outcome run() {
    fleet.claim(world.nowNanos());
    long meanBytes = 6 * MIB;
    long capacity = 3L * settings.chunks() * meanBytes * 5 / settings.mirrors();
    for (int i = 0; i < settings.mirrors(); i++) {
      Worker mirror =
          Worker.of(WorkerId.of(String.format(Locale.ROOT, "mirror-%03d", i)), capacity)
              .withZone("zone-" + (char) ('a' + i % ZONES));
      world.join(mirror);
      mirrors.add(mirror.id());
    }
    release(settings.chunks());
    for (int round = 0; round < 12; round++) {
      second(false);
    }
    for (WorkerId id : mirrors) {
      long share = (long) (LINK * SHARE);
      world.describe(
          worker(id)
              .description()
              .with(Worker.Description.DOWNLINK, share)
              .with(Worker.Description.UPLINK, share));
    }
    for (int i = 0; flaky.size() < FLAKY; i++) {
      if (i % ZONES != 0) {
        flaky.add(mirrors.get(i));
      }
    }
    seconds.clear();
    for (int at = 0; at < END; at++) {
      if (at == LOST_AT - 2) {
        release(2 * settings.chunks());
      }
      if (at == LOST_AT) {
        lose();
      }
      second(at >= LOST_AT);
    }
    return outcome();
  }

  /** Reports whether a copy is spoiled: six mirrors spoil every fifth copy that they send. */
  private boolean spoils(WorkerId source) {
    return flaky.contains(source) && hazard.happens(20);
  }

  private void release(int count) {
    List<Chunk> batch = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = chunks++;
      long bytes = MIB * (2 + chance.below(9));
      batch.add(
          Chunk.of(
                  ChunkKey.of("dataset-" + number % 8, "chunk-" + number),
                  new BlockRange(10L * number, 10L * number + 9),
                  bytes)
              .withWeight(WEIGHTS[chance.below(WEIGHTS.length)]));
    }
    var answer = fleet.ingest(batch, world.nowNanos());
    if (!answer.isAccepted()) {
      throw new IllegalStateException("a release is refused: " + answer);
    }
  }

  private void lose() {
    LifecycleSnapshot books = fleet.snapshot();
    books.forEachChunk(chunk -> {
      ChunkNumber number = books.chunkNumber(chunk);
      if (number != null && books.chunkState(chunk) == ChunkState.VISIBLE) {
        visible.add(number);
      }
    });
    for (WorkerId id : mirrors) {
      Set<ChunkNumber> held = new HashSet<>();
      worker(id).disk().entries().forEach(entry -> held.add(entry.number()));
      heldAtLoss.put(id, held);
    }
    for (int i = 0; i < mirrors.size(); i += ZONES) {
      world.silence(mirrors.get(i));
      fleet.setStatus(mirrors.get(i), WorkerStatus.DEPARTED, world.nowNanos());
    }
  }

  private void second(boolean isAfter) {
    Links joined = links;
    if (joined != null) {
      PressureSnapshot sample =
          new PressureSnapshot(Math.min(1, utilization), 0, 0, 0, world.nowNanos());
      fleet.observe(sample, world.nowNanos());
      joined.observe(sample);
    }
    leaving.clear();
    Result.Scheduled scheduled = world.round().scheduled();
    LifecycleSnapshot books = fleet.snapshot();
    read(books, isAfter);
    heldAtLoss.forEach(this::note);
    int[] counts = new int[2];
    for (ChunkNumber number : visible) {
      int chunk = books.chunkPosition(number);
      if (chunk >= 0) {
        counts[0] += UrgencyOracle.isAtRisk(books, chunk) ? 1 : 0;
        counts[1] += possessed(books, chunk) < books.floor(chunk) ? 1 : 0;
      }
    }
    seconds.add(
        new Second(
            joined == null ? "normal" : joined.band().name().toLowerCase(Locale.ROOT),
            joined == null ? 0 : joined.waitingCount(),
            scheduled.budget(),
            counts[0],
            counts[1],
            new TreeMap<>(leaving)));
  }

  private void note(WorkerId id, Set<ChunkNumber> before) {
    for (SliceEntry entry : worker(id).disk().entries()) {
      if (!before.contains(entry.number())) {
        came.computeIfAbsent(id, key -> new HashMap<>()).put(entry.number(), entry.sizeBytes());
      }
    }
  }

  private long wastedBytes() {
    long[] wasted = {transport == null ? 0 : transport.bandwidth().spoiledBytes()};
    came.forEach((id, entries) ->
        entries.forEach((number, bytes) -> wasted[0] += worker(id).holds(number) ? 0 : bytes));
    return wasted[0];
  }

  private SimulatedWorker worker(WorkerId id) {
    return Objects.requireNonNull(workers.get(id));
  }

  private static int possessed(LifecycleView books, int chunk) {
    int possessed = 0;
    for (int slot : Slots.of(books, chunk)) {
      boolean isCounted = books.possessed(slot) && books.isCounted(books.replicaWorker(slot));
      possessed += isCounted ? 1 : 0;
    }
    return possessed;
  }

  /**
   * Simulates readers: in total a third of what the links of the whole fleet send, each chunk by
   * its weight, in equal parts from all that possess it. The latency of a mirror is that of a queue
   * with one server, 10 ms where its link is idle.
   */
  private void read(LifecycleView books, boolean isCounted) {
    Map<WorkerId, Double> load = new HashMap<>();
    double[] all = new double[1];
    books.forEachChunk(chunk -> {
      int possessed = possessed(books, chunk);
      double bytes = (double) books.weight(chunk) * books.chunkSizeBytes(chunk);
      for (int slot : possessed == 0 ? List.<Integer>of() : Slots.of(books, chunk)) {
        int worker = books.replicaWorker(slot);
        if (books.possessed(slot) && books.isCounted(worker)) {
          load.merge(books.workerId(worker), bytes / possessed, Double::sum);
          all[0] += bytes / possessed;
        }
      }
    });
    double readers = READERS * LINK * settings.mirrors();
    double used = 0;
    int up = 0;
    for (WorkerId id : mirrors) {
      double mine = load.getOrDefault(id, 0.0) / Math.max(1, all[0]) * readers;
      long sent = transport == null ? 0 : transport.bandwidth().sentBy(id);
      double busy = Math.min(0.99, (mine + sent) / LINK);
      if (mine > 0) {
        used += busy;
        up++;
      }
      if (isCounted && mine > 0) {
        latencies.add(new double[] {10 / (1 - busy), mine});
      }
    }
    utilization = up == 0 ? 0 : used / up;
  }

  private Outcome outcome() {
    return new Outcome(
        settings,
        LOST_AT,
        List.copyOf(seconds),
        lastSecond(Comparator.comparingInt(Second::atRisk)),
        lastSecond(Comparator.comparingInt(Second::belowFloor)),
        p99(),
        wastedBytes(),
        transport == null ? 0 : transport.bandwidth().movedBytes(),
        world.violations());
  }

  private int lastSecond(Comparator<Second> by) {
    Second none = new Second("", 0, BudgetInForce.NONE, 0, 0, Map.of());
    int last = 0;
    for (int at = LOST_AT; at < seconds.size(); at++) {
      last = by.compare(seconds.get(at), none) > 0 ? at - LOST_AT + 1 : last;
    }
    return last;
  }

  private double p99() {
    latencies.sort(Comparator.comparingDouble(it -> it[0]));
    double all = latencies.stream().mapToDouble(it -> it[1]).sum();
    double seen = 0;
    for (double[] each : latencies) {
      seen += each[1];
      if (seen >= 0.99 * all) {
        return each[0];
      }
    }
    return 0;
  }
}
