package dev.stowage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.ProposedChunk;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.RetentionHorizons;
import dev.stowage.contract.RandomStory;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A fleet of a few honest workers with real disks, for tests that tell a story. After every command
 * the incremental digest is compared with the full one.
 */
public final class SmallWorld {
  public static final long MIB = 1 << 20;

  public LifecycleState state;
  Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  final Map<String, Disk> disks = new TreeMap<>();
  public long now;
  ChangeSet lastChanges = new ChangeSet.Parts().build();

  /** The contents of a worker's disk, and the memory of the worker. */
  public static final class Disk {
    String diskId;
    Incarnation incarnation = Incarnation.of(0);
    Lineage lineage = Lineage.of(0);
    long report;
    boolean owes;
    public final Set<ChunkNumber> bytes = new TreeSet<>(ORDER);

    Disk(String diskId) {
      this.diskId = diskId;
    }
  }

  static final Comparator<ChunkNumber> ORDER =
      Comparator.comparingLong((ChunkNumber number) -> number.lineage().token())
          .thenComparingLong(ChunkNumber::counter);

  SmallWorld(UnaryOperator<LifecycleConfig.Builder> options) {
    state = LifecycleState.empty(options.apply(RandomStory.quiet()).build(), Lineage.of(7));
  }

  public static SmallWorld of(int floor) {
    return new SmallWorld(config -> config.minReplication(floor));
  }

  <R extends Result> R run(Command<R> command) {
    Lifecycle.Outcome<R> outcome = lifecycle.execute(state, command, Tick.of(now));
    lastChanges = outcome.changes();
    assertThat(state.digest()).as("digest after %s", command).isEqualTo(state.fullDigest());
    if (!outcome.result().isAccepted() && !(outcome.result() instanceof Result.Batch)) {
      assertThat(outcome.changes().isEmpty()).as("%s was rejected", command).isTrue();
    }
    return outcome.result();
  }

  public Result.Scheduled schedule() {
    PlanningAdvice asked = PlanningAdvice.NONE.upTo(lifecycle.next(state));
    return run(new LeaderCommand.Schedule(asked));
  }

  public Result.Published publish() {
    return run(LeaderCommand.Publish.now());
  }

  public SmallWorld workers(long capacityMib, String... names) {
    for (String name : names) {
      run(Command.Describe.of(Worker.of(WorkerId.of(name), capacityMib * MIB)));
      disks.put(name, new Disk("disk-" + name));
      register(name);
    }
    return this;
  }

  /** Returns the workers a, b and c, and chunk d/c, which portals find on a and c. */
  static SmallWorld routedToTwoOfThree() {
    SmallWorld world =
        new SmallWorld(c -> c.minReplication(2).retention(RetentionHorizons.ofTicks(1)))
            .workers(10, "a", "b", "c");
    world.ingest("d/c", 0, 9);
    world.run(
        new Command.Wish(
            PlacementWish.of(PlacementWish.Kind.BAN, key("d/c"), WorkerId.of("b")),
            Command.ANY_VERSION));
    world.settle();
    assertThat(world.routes("d/c")).containsExactly("a", "c");
    return world;
  }

  /** Returns the state that another leader loads. */
  LifecycleState loaded() {
    return LifecycleState.load(state.fleetRow(), state.rows());
  }

  Result.Registered register(String name) {
    Disk disk = disk(name);
    Result.Registered answer = run(new Command.Register(WorkerId.of(name), disk.diskId));
    disk.report = answer.lastReport();
    disk.incarnation = answer.incarnation();
    disk.lineage = answer.lineage();
    disk.owes = answer.inventoryWanted();
    return answer;
  }

  public Disk disk(String name) {
    return Objects.requireNonNull(disks.get(name));
  }

  ReportHeader header(String name) {
    Disk disk = disk(name);
    return new ReportHeader(WorkerId.of(name), disk.incarnation, disk.lineage, ++disk.report);
  }

  public static ChunkKey key(String path) {
    int slash = path.indexOf('/');
    return ChunkKey.of(path.substring(0, slash), path.substring(slash + 1));
  }

  public static ProposedChunk chunk(String path, long first, long last) {
    return ProposedChunk.of(Chunk.of(key(path), BlockRange.of(first, last), MIB));
  }

  public Result ingest(String path, long first, long last) {
    return ingest(path, first, last, MIB);
  }

  Result ingest(String path, long first, long last, long sizeBytes) {
    Chunk chunk = Chunk.of(key(path), BlockRange.of(first, last), sizeBytes);
    return run(new Command.Ingest(List.of(ProposedChunk.of(chunk))));
  }

  public Result offer(String path, long first, long last) {
    return run(new Command.Offer(List.of(chunk(path, first, last))));
  }

  Result.SwapRegistered swap(String dataset, List<String> old, ProposedChunk... fresh) {
    return run(
        new Command.RegisterSwap(
            DatasetId.of(dataset),
            old.stream().map(id -> ChunkKey.of(dataset, id)).toList(),
            List.of(fresh),
            Coverage.SAME));
  }

  public ResultCode remove(String path) {
    return run(new Command.Remove(key(path))).code();
  }

  void status(String name, WorkerStatus status) {
    run(new Command.SetStatus(WorkerId.of(name), status));
  }

  /** One worker is to go: another one fetches what it holds, and portals hear of it. */
  void handOver(String from, String to) {
    status(from, WorkerStatus.LEAVING);
    schedule();
    fetch(to);
    publish();
  }

  /** The worker takes its newest slice, deletes, downloads, reports. */
  public ResultCode fetch(String name) {
    return fetchExcept(name);
  }

  public ResultCode fetchExcept(String name, String... cannot) {
    WorkerSlice slice = state.workerAssignment().slice(WorkerId.of(name)).orElse(null);
    if (slice == null) {
      return ResultCode.UNKNOWN_WORKER;
    }
    Disk disk = disk(name);
    Set<ChunkNumber> named = new TreeSet<>(ORDER);
    List<ChunkNumber> missing = new ArrayList<>();
    Collection<ChunkKey> failing = Arrays.stream(cannot).map(SmallWorld::key).toList();
    for (SliceEntry entry : slice.entries()) {
      named.add(entry.number());
      if (failing.contains(entry.key()) && !disk.bytes.contains(entry.number())) {
        missing.add(entry.number());
      }
    }
    disk.bytes.retainAll(named);
    disk.bytes.addAll(named);
    missing.forEach(disk.bytes::remove);
    return run(new Command.Applied(header(name), slice.id(), missing)).code();
  }

  void fetchAll() {
    for (String name : disks.keySet()) {
      fetch(name);
    }
  }

  public ResultCode lose(String name, String path) {
    ChunkNumber number = number(path);
    disk(name).bytes.remove(number);
    return run(new Command.Lost(header(name), List.of(number))).code();
  }

  public ResultCode inventory(String name) {
    return run(new Command.Inventory(header(name), List.copyOf(disk(name).bytes))).code();
  }

  public ChunkNumber number(String path) {
    return Objects.requireNonNull(state.chunkNumber(state.chunkPosition(key(path))));
  }

  /** A round of scenario files. */
  void round() {
    now++;
    schedule();
    fetchAll();
    publish();
  }

  /** Rounds until as many in a row as the window plus two changed nothing. */
  public void settle() {
    int quiet = 0;
    for (int i = 0; i < 300; i++) {
      long before = state.digest();
      round();
      quiet = state.digest() == before ? quiet + 1 : 0;
      if (quiet >= state.config().drainWindowTicks() + 2) {
        return;
      }
    }
    throw new AssertionError("does not settle");
  }

  List<String> visible(String dataset) {
    return state.portalAssignment().visible(DatasetId.of(dataset)).stream()
        .map(ChunkKey::id)
        .toList();
  }

  List<String> routes(String path) {
    return state
        .portalAssignment()
        .route(key(path))
        .map(route -> route.workers().stream().map(WorkerId::value).toList())
        .orElse(List.of());
  }

  Map<String, ReplicaState> replicas(String path) {
    Map<String, ReplicaState> found = new TreeMap<>();
    int chunk = state.chunkPosition(key(path));
    if (chunk < 0) {
      return found;
    }
    for (int slot = state.firstReplica(chunk);
        slot != LifecycleView.NONE;
        slot = state.nextReplica(slot)) {
      found.put(state.workerId(state.replicaWorker(slot)).value(), state.replicaState(slot));
    }
    return found;
  }

  Set<String> holders(String path) {
    return replicas(path).keySet();
  }

  ChunkState chunkState(String path) {
    return state.chunkState(state.chunkPosition(key(path)));
  }

  public int replica(String path, String worker) {
    return state.findReplica(
        state.chunkPosition(key(path)), state.workerPosition(WorkerId.of(worker)));
  }
}
