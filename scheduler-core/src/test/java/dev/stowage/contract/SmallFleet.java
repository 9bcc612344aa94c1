package dev.stowage.contract;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.StowageConfig.AuditLevel;
import dev.stowage.audit.Audit;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.WeightPolicy;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.store.spi.FleetStore;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Drives a facade with workers that behave: they fetch their slice, delete, download at once, and
 * report. Time is a counter of ticks of one second.
 */
public final class SmallFleet {
  static final long TICK_NANOS = 1_000_000_000L;

  private final Map<WorkerId, Disk> disks = new TreeMap<>();
  private Stowage stowage;
  private long tick = 1;

  private static final class Disk {
    private final Set<ChunkNumber> bytes = new HashSet<>();
    private Incarnation incarnation = Incarnation.of(0);
    private Lineage lineage = Lineage.of(0);
    private long report;
  }

  /** A fleet that is driven through this facade. */
  public SmallFleet(Stowage stowage) {
    this.stowage = stowage;
  }

  /**
   * A configuration of small numbers: floor 2, a drain window of 3 ticks, nobody falls silent, no
   * follower waits for the leader.
   */
  public static StowageConfig config() {
    LifecycleConfig fleet =
        LifecycleConfig.builder()
            .minReplication(2)
            .maxReplication(WeightPolicy.UNCAPPED)
            .drainWindowTicks(3)
            .lineagePauseTicks(3)
            .suspectAfterTicks(LifecycleConfig.NEVER)
            .departAfterTicks(LifecycleConfig.NEVER)
            .trust(LifecycleConfig.Trust.BLIND)
            .maxChunksPerCycle(LifecycleConfig.UNLIMITED)
            .build();
    return StowageConfig.defaults()
        .withFleet(fleet)
        .withAudit(AuditLevel.ALL)
        .withAnswersWithin(Duration.ZERO);
  }

  /** A facade of the process of this name over a store, not leading yet. */
  public static Stowage facade(FleetStore store, String holder) {
    return Stowage.builder(store).config(config().withHolder(holder)).build();
  }

  /** A chunk of dataset d, 10 blocks long, of 100 bytes. */
  public static Chunk chunk(String id, long first) {
    return Chunk.of(key(id), BlockRange.of(first, first + 9), 100);
  }

  /** The key of a chunk of dataset d. */
  public static ChunkKey key(String id) {
    return ChunkKey.of("d", id);
  }

  /** Returns a copy of the whole state of a leader. */
  public static LifecycleSnapshot state(Stowage of) {
    return of.ask(Audit.STATE);
  }

  /** The dataset of all chunks. */
  public static DatasetId dataset() {
    return DatasetId.of("d");
  }

  /** Now, in the host's nanoseconds. */
  public long now() {
    return tick * TICK_NANOS;
  }

  /** Lets ticks pass. */
  public SmallFleet pass(long ticks) {
    tick += ticks;
    return this;
  }

  /** Goes on with another facade over the same store; the workers keep their disks. */
  public SmallFleet through(Stowage other) {
    stowage = other;
    return this;
  }

  /** Workers join, empty, with room for this many bytes each. */
  public SmallFleet join(long capacityBytes, String... names) {
    for (String name : names) {
      WorkerId id = WorkerId.of(name);
      stowage.describe(Worker.of(id, capacityBytes), now());
      disks.put(id, new Disk());
      register(name);
    }
    return this;
  }

  /** A worker registers (again) with the disk it has. */
  public Result.Registered register(String name) {
    WorkerId id = WorkerId.of(name);
    Disk disk = disks.get(id);
    Result.Registered answer = stowage.register(id, "disk of " + name, now());
    disk.incarnation = answer.incarnation();
    disk.lineage = answer.lineage();
    disk.report = answer.lastReport();
    return answer;
  }

  /** Chunks are ingested; all must be accepted. */
  public SmallFleet ingest(Chunk... chunks) {
    Result.Batch answer = stowage.ingest(List.of(chunks), now());
    if (!answer.isAccepted()) {
      throw new AssertionError("not accepted: " + answer);
    }
    return this;
  }

  /** Every worker obeys its slice and reports. */
  public SmallFleet fetch() {
    disks.keySet().forEach(id -> fetch(id.value()));
    return this;
  }

  /** One worker obeys its slice and reports. */
  public SmallFleet fetch(String name) {
    WorkerId id = WorkerId.of(name);
    WorkerSlice slice = stowage.fleet().slice(id).orElse(null);
    if (slice != null) {
      Disk disk = disks.get(id);
      Set<ChunkNumber> named = new HashSet<>();
      slice.entries().forEach(entry -> named.add(entry.number()));
      disk.bytes.retainAll(named);
      disk.bytes.addAll(named);
      stowage.applied(header(name), slice.id(), List.of(), now());
    }
    return this;
  }

  /** The header of a worker's next report. */
  public ReportHeader header(String name) {
    Disk disk = disks.get(WorkerId.of(name));
    return new ReportHeader(WorkerId.of(name), disk.incarnation, disk.lineage, ++disk.report);
  }

  /** Returns the contents of a worker's disk. */
  public Set<ChunkNumber> disk(String name) {
    return disks.get(WorkerId.of(name)).bytes;
  }

  /** A tick passes, both cycles run, all workers fetch; whether anything changed. */
  public boolean round() {
    pass(1);
    boolean changed = stowage.schedule(now()).changed();
    fetch();
    return stowage.publish(now()).changed() || changed;
  }

  /** Rounds until as many in a row as the drain window plus two have changed nothing. */
  public SmallFleet settle() {
    int quiet = 0;
    for (int round = 0; quiet < 5; round++) {
      if (round == 100) {
        throw new AssertionError("still changing after 100 rounds");
      }
      quiet = round() ? 0 : quiet + 1;
    }
    return this;
  }
}
