package dev.stowage.audit;

import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.PlacementConfig;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
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
import dev.stowage.placement.PlacementPlanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes down a small fleet, sane or not, that no command could bring about. */
final class FleetDraft {
  /** In the order of the numbers that {@link ChunkColumns} gives them. */
  private static final List<String> STATES =
      List.of("OFFERED", "REJECTED", "ADMITTED", "VISIBLE", "DROPPED", "TOMBSTONE");

  private long tick = 100;
  private long workerAssignment = 10;
  private long portalAssignment = 10;
  private long watermark = FleetSnapshot.NONE;
  private int quorumPercent = (int) FleetSnapshot.NONE;
  private boolean gated = true;
  private FleetRow row = LifecycleState.empty(LifecycleConfig.defaults(), Lineage.of(7)).fleetRow();
  private final List<WorkerDraft> workers = new ArrayList<>();
  private final List<ChunkDraft> chunks = new ArrayList<>();
  private final List<ReplicaDraft> replicas = new ArrayList<>();
  private final List<SwapDraft> swaps = new ArrayList<>();
  private final List<PlacementWish> bans = new ArrayList<>();

  private static final class WorkerDraft {
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
  }

  private static final class ChunkDraft {
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
  }

  private static final class ReplicaDraft {
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
      case "tick" -> tick = Long.parseLong(subject);
      case "ids" -> {
        workerAssignment = Long.parseLong(subject);
        portalAssignment = Long.parseLong(words[2]);
      }
      case "quorum" -> {
        quorumPercent = Integer.parseInt(subject);
        watermark = Long.parseLong(words[2]);
      }
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
      case "ungated" -> gated = false;
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
      case "capacity" -> worker.capacity = Long.parseLong(value);
      case "applied" -> worker.applied = Long.parseLong(value);
      case "life" -> worker.incarnation = Long.parseLong(value);
      case "report" -> worker.lastReport = Long.parseLong(value);
      case "seen" -> worker.lastSeen = Long.parseLong(value);
      case "status" -> worker.status = WorkerStatus.valueOf(value);
      case "absent" -> {
        worker.status = WorkerStatus.valueOf(value.split("@")[0]);
        worker.absentSince = Long.parseLong(value.split("@")[1]);
      }
      case "in" -> worker.domain = value;
      case "departure" -> worker.departure = WorkerRow.Departure.valueOf(value);
      case "unproven" -> worker.unproven = true;
      case "inventoryPending" -> worker.inventoryPending = true;
      case "openSending" -> {
        worker.sending = Long.parseLong(value);
        worker.sendingIsOpen = true;
      }
      case "wholeSending" -> {
        worker.sending = Long.parseLong(value);
        worker.inventoryPending = true;
      }
      default -> throw new IllegalArgumentException(word);
    }
  }

  private static void set(ChunkDraft chunk, String word) {
    String value = word.substring(word.indexOf('=') + 1);
    switch (word.split("=")[0]) {
      case "state" -> chunk.state = (byte) STATES.indexOf(value);
      case "of" -> chunk.dataset = value;
      case "floor" -> chunk.floor = Integer.parseInt(value);
      case "marked" -> chunk.marked = true;
      case "windowEnd" -> chunk.windowEnd = Long.parseLong(value);
      case "ended" -> chunk.endTick = Long.parseLong(value);
      case "brandNew" -> {
        chunk.established = false;
        chunk.everPossessed = false;
        chunk.state = ChunkColumns.ADMITTED;
      }
      case "placed" -> chunk.established = true;
      case "neverPossessed" -> chunk.everPossessed = false;
      case "gone" -> chunk.gone = List.of(WorkerId.of(value));
      default -> throw new IllegalArgumentException(word);
    }
  }

  private static void set(ReplicaDraft copy, String word) {
    String value = word.substring(word.indexOf('=') + 1);
    switch (word.split("=")[0]) {
      case "since" -> copy.since = Long.parseLong(value);
      case "superseded" -> copy.supersededAt = Long.parseLong(value);
      case "released" -> copy.releasedAt = Long.parseLong(value);
      case "readableUntil" -> copy.readableUntil = Long.parseLong(value);
      case "missing" -> copy.missingSince = Long.parseLong(value);
      case "named" -> copy.named = true;
      default -> throw new IllegalArgumentException(word);
    }
  }

  /** The fleet's own row after a story of commands, each at its tick. */
  FleetDraft row(LifecycleConfig config, Map<Tick, Command<?>> story) {
    LifecycleState state = LifecycleState.empty(config, Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    story.forEach((tick, command) -> lifecycle.execute(state, command, tick));
    row = state.fleetRow();
    return this;
  }

  /** The fleet's own row: a configuration, and lineages that began at these ticks. */
  FleetDraft row(LifecycleConfig config, long... began) {
    LifecycleState state = LifecycleState.empty(config, Lineage.of(7));
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    for (int i = 0; i < began.length; i++) {
      lifecycle.execute(
          state, new LeaderCommand.BeginLineage(Lineage.of(70 + i)), Tick.of(began[i]));
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

  private WorkerDraft worker(String id) {
    WorkerDraft worker = new WorkerDraft(id);
    workers.add(worker);
    return worker;
  }

  private ChunkDraft chunk(String id, long first, long last) {
    ChunkDraft chunk = new ChunkDraft(id, first, last);
    chunks.add(chunk);
    return chunk;
  }

  private ReplicaDraft replica(String chunk, String worker) {
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
    FleetSnapshot.Header header =
        new FleetSnapshot.Header(
            tick, workerAssignment, portalAssignment, watermark, quorumPercent, gated, 5);
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
