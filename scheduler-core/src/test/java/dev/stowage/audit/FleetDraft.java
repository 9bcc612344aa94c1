package dev.stowage.audit;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.PlacementWish;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes down a small fleet, sane or not, that no command could bring about. */
final class FleetDraft {
  /** In the order of the numbers that {@link ChunkColumns} gives them. */
  private static final List<String> STATES =
      List.of("OFFERED", "REJECTED", "ADMITTED", "VISIBLE", "DROPPED", "TOMBSTONE");

  private FleetSnapshot.Header header =
      new FleetSnapshot.Header(100, 10, 10, FleetSnapshot.NONE, (int) FleetSnapshot.NONE, true, 5);
  private FleetRow row = LifecycleState.empty(LifecycleConfig.defaults(), Lineage.of(7)).fleetRow();
  private final List<WorkerDraft> workers = new ArrayList<>();
  private final List<ChunkDraft> chunks = new ArrayList<>();
  private final List<ReplicaDraft> replicas = new ArrayList<>();
  private final List<SwapDraft> swaps = new ArrayList<>();
  private final List<PlacementWish> bans = new ArrayList<>();

  static final class WorkerDraft {
    private final String id;
    private long capacity = 1_000;
    private long applied = 10;
    private long incarnation = 1;
    private long published = 1;
    private long lastReport;
    private long lastSeen = 100;
    private boolean unproven;
    private boolean inventoryPending;
    private long sending;
    private boolean sendingIsOpen;
    private WorkerStatus status = WorkerStatus.ACTIVE;
    private String domain = "";
    private WorkerRow.Departure departure = WorkerRow.Departure.NONE;
    private long absentSince;

    private WorkerDraft(String id) {
      this.id = id;
    }

    WorkerDraft capacity(long bytes) {
      capacity = bytes;
      return this;
    }

    WorkerDraft applied(long id) {
      applied = id;
      return this;
    }

    WorkerDraft status(WorkerStatus to) {
      status = to;
      return this;
    }

    WorkerDraft life(long number) {
      incarnation = number;
      return this;
    }

    WorkerDraft report(long number) {
      lastReport = number;
      return this;
    }

    WorkerDraft seen(long tick) {
      lastSeen = tick;
      return this;
    }

    WorkerDraft in(String zone) {
      domain = zone;
      return this;
    }

    /** It is gone, or not what it was, since a tick. */
    WorkerDraft absent(WorkerStatus as, long since) {
      status = as;
      absentSince = since;
      return this;
    }

    WorkerDraft departure(WorkerRow.Departure how) {
      departure = how;
      return this;
    }

    WorkerDraft unproven() {
      unproven = true;
      return this;
    }

    WorkerDraft openSending(long number) {
      sending = number;
      sendingIsOpen = true;
      return this;
    }

    WorkerDraft wholeSending(long number) {
      sending = number;
      inventoryPending = true;
      return this;
    }
  }

  static final class ChunkDraft {
    private final String id;
    private final long first;
    private final long last;
    private String dataset = "d";
    private byte state = ChunkColumns.VISIBLE;
    private int floor = 2;
    private boolean marked;
    private boolean established = true;
    private boolean everPossessed = true;
    private long windowEnd = FleetSnapshot.NONE;
    private long endTick;
    private List<WorkerId> gone = List.of();

    private ChunkDraft(String id, long first, long last) {
      this.id = id;
      this.first = first;
      this.last = last;
    }

    ChunkDraft state(byte to) {
      state = to;
      return this;
    }

    ChunkDraft of(String other) {
      dataset = other;
      return this;
    }

    ChunkDraft floor(int replicas) {
      floor = replicas;
      return this;
    }

    ChunkDraft marked() {
      marked = true;
      return this;
    }

    ChunkDraft windowEnd(long tick) {
      windowEnd = tick;
      return this;
    }

    ChunkDraft ended(long tick) {
      endTick = tick;
      return this;
    }

    ChunkDraft brandNew() {
      established = false;
      everPossessed = false;
      state = ChunkColumns.ADMITTED;
      return this;
    }

    ChunkDraft neverPossessed() {
      everPossessed = false;
      return this;
    }
  }

  static final class ReplicaDraft {
    private final String chunk;
    private final String worker;
    private long since = 1;
    private long supersededAt = FleetSnapshot.NONE;
    private long releasedAt = FleetSnapshot.NONE;
    private long readableUntil = FleetSnapshot.NONE;
    private long missingSince = FleetSnapshot.NONE;
    private boolean named;

    private ReplicaDraft(String chunk, String worker) {
      this.chunk = chunk;
      this.worker = worker;
    }

    ReplicaDraft since(long id) {
      since = id;
      return this;
    }

    ReplicaDraft superseded(long id) {
      supersededAt = id;
      return this;
    }

    ReplicaDraft released(long id) {
      releasedAt = id;
      return this;
    }

    ReplicaDraft readableUntil(long tick) {
      readableUntil = tick;
      return this;
    }

    ReplicaDraft missing(long tick) {
      missingSince = tick;
      return this;
    }

    ReplicaDraft named() {
      named = true;
      return this;
    }
  }

  private record SwapDraft(long id, byte state, List<String> oldSide, List<String> newSide) {}

  /** Adds facts as {@code invariants.txt} tells them, or changes what is known. */
  FleetDraft add(String facts) {
    for (String fact : facts.split("; ")) {
      add(fact.split(" "));
    }
    return this;
  }

  private void add(String[] words) {
    List<String> more = List.of(words).subList(Math.min(2, words.length), words.length);
    String subject = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "worker" -> {
        for (String id : subject.split(",")) {
          more.forEach(word -> set(workerOf(id), word));
          workerOf(id);
        }
      }
      case "chunk" -> {
        String[] ends = words[2].split("-");
        ChunkDraft known = chunkAt(subject) < 0 ? null : chunks.get(chunkAt(subject));
        ChunkDraft chunk =
            known == null
                ? chunk(subject, Long.parseLong(ends[0]), Long.parseLong(ends[1]))
                : known;
        more.stream().skip(1).forEach(word -> set(chunk, word));
      }
      case "copy" -> {
        ReplicaDraft copy = copyOf(subject.split("@"));
        more.forEach(word -> set(copy, word));
      }
      case "again" -> replica(subject.split("@")[0], subject.split("@")[1]);
      case "swap" -> {
        String[] sides = words[3].split(">");
        byte state = (byte) List.of("PENDING", "FIRED", "CANCELLED").indexOf(words[2]);
        swap(
            Long.parseLong(subject),
            state,
            List.of(sides[0].split(",")),
            List.of(sides[1].split(",")));
      }
      case "ids" -> ids(Long.parseLong(subject), Long.parseLong(words[2]));
      case "quorum" -> quorum(Integer.parseInt(subject), Long.parseLong(words[2]));
      case "ban" -> {
        ChunkKey chunk = ChunkKey.of("d", subject.split("@")[0]);
        WorkerId worker = WorkerId.of(subject.split("@")[1]);
        bans.add(PlacementWish.of(PlacementWish.Kind.BAN, chunk, worker));
      }
      case "limit" -> {
        Map<Integer, Integer> limits = Map.of(Integer.valueOf(subject), Integer.valueOf(words[2]));
        PlacementConfig limited = PlacementConfig.builder().maxPerDomain(limits).build();
        row(LifecycleConfig.builder().placement(limited).build(), 0);
      }
      case "ungated" -> ungated();
      default -> throw new IllegalArgumentException(String.join(" ", words));
    }
  }

  private WorkerDraft workerOf(String id) {
    return workers.stream().filter(it -> it.id.equals(id)).findFirst().orElseGet(() -> worker(id));
  }

  private ReplicaDraft copyOf(String[] pair) {
    return replicas.stream()
        .filter(it -> it.chunk.equals(pair[0]) && it.worker.equals(pair[1]))
        .findFirst()
        .orElseGet(() -> replica(pair[0], pair[1]));
  }

  private static void set(WorkerDraft worker, String word) {
    String value = word.substring(word.indexOf('=') + 1);
    switch (word.split("=")[0]) {
      case "capacity" -> worker.capacity(Long.parseLong(value));
      case "applied" -> worker.applied(Long.parseLong(value));
      case "life" -> worker.life(Long.parseLong(value));
      case "status" -> worker.status(WorkerStatus.valueOf(value));
      case "in" -> worker.in(value);
      case "unproven" -> worker.unproven();
      case "inventoryPending" -> worker.inventoryPending = true;
      default -> throw new IllegalArgumentException(word);
    }
  }

  private static void set(ChunkDraft chunk, String word) {
    String value = word.substring(word.indexOf('=') + 1);
    switch (word.split("=")[0]) {
      case "state" -> chunk.state((byte) STATES.indexOf(value));
      case "floor" -> chunk.floor(Integer.parseInt(value));
      case "windowEnd" -> chunk.windowEnd(Long.parseLong(value));
      case "gone" -> chunk.gone = List.of(WorkerId.of(value));
      case "of" -> chunk.of(value);
      case "marked" -> chunk.marked();
      case "brandNew" -> chunk.brandNew();
      case "placed" -> chunk.established = true;
      case "neverPossessed" -> chunk.neverPossessed();
      default -> throw new IllegalArgumentException(word);
    }
  }

  private static void set(ReplicaDraft copy, String word) {
    String value = word.substring(word.indexOf('=') + 1);
    switch (word.split("=")[0]) {
      case "since" -> copy.since(Long.parseLong(value));
      case "superseded" -> copy.superseded(Long.parseLong(value));
      case "released" -> copy.released(Long.parseLong(value));
      case "readableUntil" -> copy.readableUntil(Long.parseLong(value));
      case "missing" -> copy.missing(Long.parseLong(value));
      case "named" -> copy.named();
      default -> throw new IllegalArgumentException(word);
    }
  }

  FleetDraft ids(long worker, long portal) {
    header =
        new FleetSnapshot.Header(
            header.tick(), worker, portal, header.watermark(), header.quorumPercent(), true, 5);
    return this;
  }

  FleetDraft at(long tick) {
    header =
        new FleetSnapshot.Header(
            tick,
            header.newestWorkerAssignment(),
            header.newestPortalAssignment(),
            header.watermark(),
            header.quorumPercent(),
            header.gated(),
            header.drainWindowTicks());
    return this;
  }

  /** The fleet's own row after a story of commands, each at its tick. */
  FleetDraft row(LifecycleConfig config, Map<Tick, Command<?>> story) {
    LifecycleState state = LifecycleState.empty(config, Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    story.forEach((tick, command) -> lifecycle.execute(state, command, tick));
    row = state.fleetRow();
    return this;
  }

  FleetDraft quorum(int percent, long watermark) {
    header =
        new FleetSnapshot.Header(
            header.tick(),
            header.newestWorkerAssignment(),
            header.newestPortalAssignment(),
            watermark,
            percent,
            true,
            5);
    return this;
  }

  /** The fleet's own row: a configuration, and lineages that began at these ticks. */
  FleetDraft row(LifecycleConfig config, long... began) {
    LifecycleState state = LifecycleState.empty(config, Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    for (int i = 0; i < began.length; i++) {
      lifecycle.execute(state, new Command.BeginLineage(Lineage.of(70 + i)), Tick.of(began[i]));
    }
    row = state.fleetRow();
    return this;
  }

  /** The window was lowered to {@code ticks} at a tick, and counts as it was for a while. */
  FleetDraft loweredWindow(long ticks, long atTick) {
    LifecycleState state = LifecycleState.empty(LifecycleConfig.defaults(), Lineage.of(7));
    LifecycleConfig lower = state.config().toBuilder().drainWindowTicks(ticks).unchecked();
    new Lifecycle(PlacementPlanner.sticky())
        .execute(state, new Command.Configure(Command.ANY_VERSION, lower), Tick.of(atTick));
    row = state.fleetRow();
    return this;
  }

  FleetDraft ungated() {
    header =
        new FleetSnapshot.Header(
            header.tick(),
            header.newestWorkerAssignment(),
            header.newestPortalAssignment(),
            header.watermark(),
            header.quorumPercent(),
            false,
            header.drainWindowTicks());
    return this;
  }

  WorkerDraft worker(String id) {
    WorkerDraft worker = new WorkerDraft(id);
    workers.add(worker);
    return worker;
  }

  FleetDraft workers(String... ids) {
    Arrays.stream(ids).forEach(this::worker);
    return this;
  }

  ChunkDraft chunk(String id, long first, long last) {
    ChunkDraft chunk = new ChunkDraft(id, first, last);
    chunks.add(chunk);
    return chunk;
  }

  ReplicaDraft replica(String chunk, String worker) {
    ReplicaDraft replica = new ReplicaDraft(chunk, worker);
    replicas.add(replica);
    return replica;
  }

  FleetDraft swap(long id, byte state, List<String> oldSide, List<String> newSide) {
    swaps.add(new SwapDraft(id, state, oldSide, newSide));
    return this;
  }

  FleetSnapshot snapshot() {
    ChunkColumns chunkColumns = new ChunkColumns(chunks.size());
    ReplicaColumns replicaColumns = new ReplicaColumns(replicas.size());
    int next = 0;
    for (int i = 0; i < chunks.size(); i++) {
      fill(chunkColumns, i);
      chunkColumns.replicaStart[i] = next;
      for (ReplicaDraft replica : replicas) {
        if (replica.chunk.equals(chunks.get(i).id)) {
          fill(replicaColumns, next++, i, replica);
        }
      }
    }
    chunkColumns.replicaStart[chunks.size()] = next;
    return new FleetSnapshot(
        header, chunkColumns, workerColumns(), replicaColumns, swapColumns(), bans, row);
  }

  private void fill(ChunkColumns columns, int i) {
    ChunkDraft chunk = chunks.get(i);
    columns.key[i] = ChunkKey.of(chunk.dataset, chunk.id);
    columns.dataset[i] = DatasetId.of(chunk.dataset);
    columns.number[i] = columns.key[i].hashCode() & 0xFFFF_FFFFL;
    columns.first[i] = chunk.first;
    columns.last[i] = chunk.last;
    columns.sizeBytes[i] = 100;
    columns.floor[i] = chunk.floor;
    columns.state[i] = chunk.state;
    columns.marked[i] = chunk.marked;
    columns.established[i] = chunk.established;
    columns.everPossessed[i] = chunk.everPossessed;
    columns.windowEnd[i] = chunk.windowEnd;
    columns.endTick[i] = chunk.endTick;
    columns.goneNames.set(i, chunk.gone);
    columns.eligibility[i] = Eligibility.ANY;
  }

  private void fill(ReplicaColumns columns, int i, int chunk, ReplicaDraft replica) {
    columns.chunk[i] = chunk;
    columns.worker[i] = workerAt(replica.worker);
    columns.since[i] = replica.since;
    columns.supersededAt[i] = replica.supersededAt;
    columns.releasedAt[i] = replica.releasedAt;
    columns.readableUntil[i] = replica.readableUntil;
    columns.missingSince[i] = replica.missingSince;
    columns.named[i] = replica.named;
  }

  private int workerAt(String id) {
    for (int i = 0; i < workers.size(); i++) {
      if (workers.get(i).id.equals(id)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no worker " + id);
  }

  private WorkerColumns workerColumns() {
    WorkerColumns columns = new WorkerColumns(workers.size());
    for (int i = 0; i < workers.size(); i++) {
      WorkerDraft worker = workers.get(i);
      columns.id[i] = WorkerId.of(worker.id);
      columns.status[i] = worker.status;
      columns.incarnation[i] = worker.incarnation;
      columns.lastApplied[i] = worker.applied;
      columns.caughtUp[i] = true;
      columns.publishedIncarnation[i] = worker.published;
      columns.lastReport[i] = worker.lastReport;
      columns.lastSeen[i] = worker.lastSeen;
      columns.absentSince[i] = worker.absentSince;
      Worker plain = Worker.of(columns.id[i], worker.capacity);
      columns.described[i] = worker.domain.isEmpty() ? plain : plain.withZone(worker.domain);
      columns.departure[i] = worker.departure;
      columns.unproven[i] = worker.unproven;
      columns.inventoryPending[i] = worker.inventoryPending;
      columns.sending[i] = worker.sending;
      columns.sendingIsOpen[i] = worker.sendingIsOpen;
    }
    return columns;
  }

  private SwapColumns swapColumns() {
    SwapColumns columns = new SwapColumns(swaps.size());
    for (int i = 0; i < swaps.size(); i++) {
      SwapDraft swap = swaps.get(i);
      columns.id[i] = swap.id;
      columns.state[i] = swap.state;
      columns.oldSide[i] = swap.oldSide.stream().mapToInt(this::chunkAt).toArray();
      columns.newSide[i] = swap.newSide.stream().mapToInt(this::chunkAt).toArray();
    }
    return columns;
  }

  private int chunkAt(String id) {
    for (int i = 0; i < chunks.size(); i++) {
      if (chunks.get(i).id.equals(id)) {
        return i;
      }
    }
    return -1;
  }
}
