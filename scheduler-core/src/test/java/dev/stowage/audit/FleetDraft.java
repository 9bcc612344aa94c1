package dev.stowage.audit;

import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.Command;
import dev.stowage.command.Command.Coverage;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.ConfirmationPolicy;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.config.LifecycleConfig.Gates;
import dev.stowage.config.PlacementConfig;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChunkRow;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.BlockRange;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Eligibility;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.shape.Shape;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes down a small fleet, sane or not, that no command could bring about. */
final class FleetDraft {
  private static final Lineage LINEAGE = Lineage.of(7);
  private static final LifecycleConfig CONFIG =
      LifecycleConfig.defaults().toBuilder().drainWindowTicks(5).unchecked();

  private long tick = 100;
  private long workerAssignment = 10;
  private long portalAssignment = 10;
  private long watermark;
  private ConfirmationPolicy confirmation = ConfirmationPolicy.perWorker();
  private Gates gates = Gates.ON;
  private FleetRow row = LifecycleState.empty(CONFIG, LINEAGE).fleetRow();
  private final List<WorkerDraft> workers = new ArrayList<>();
  private final List<ChunkDraft> chunks = new ArrayList<>();
  private final List<ReplicaDraft> replicas = new ArrayList<>();
  private final List<SwapRow> swaps = new ArrayList<>();
  private final List<PlacementWish> bans = new ArrayList<>();

  /** The workers and chunks of all drafts beside each other, whose indexes are positions. */
  private final List<String> names;

  FleetDraft() {
    this(new ArrayList<>());
  }

  private FleetDraft(List<String> names) {
    this.names = names;
  }

  /** Returns a draft of the fleet at another time. */
  FleetDraft another() {
    return new FleetDraft(names);
  }

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
    private ChunkState state = ChunkState.VISIBLE;
    private int floor = 2;
    private boolean marked;
    private boolean established = true;
    private boolean everPossessed = true;
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
    private long supersededAt;
    private long releasedAt;
    private long readableUntil;
    private long missingSince = Facts.NONE;
    private boolean named;

    private ReplicaDraft(String chunk, String worker) {
      this.chunk = chunk;
      this.worker = worker;
    }
  }

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
        swap(
            Long.parseLong(subject),
            SwapState.valueOf(words[2]),
            List.of(sides[0].split(",")),
            List.of(sides[1].split(",")));
      }
      case "tick" -> tick = Long.parseLong(subject);
      case "ids" -> {
        workerAssignment = Long.parseLong(subject);
        portalAssignment = Long.parseLong(words[2]);
      }
      case "quorum" -> {
        confirmation = new ConfirmationPolicy(Integer.parseInt(subject));
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
      case "ungated" -> gates = Gates.NONE;
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
      case "state" -> chunk.state = ChunkState.valueOf(value);
      case "of" -> chunk.dataset = value;
      case "floor" -> chunk.floor = Integer.parseInt(value);
      case "marked" -> chunk.marked = true;
      case "ended" -> chunk.endTick = Long.parseLong(value);
      case "brandNew" -> {
        chunk.established = false;
        chunk.everPossessed = false;
        chunk.state = ChunkState.ADMITTED;
      }
      case "placed" -> chunk.established = true;
      case "possessed" -> chunk.everPossessed = true;
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
    LifecycleState state = LifecycleState.empty(config, LINEAGE);
    Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
    story.forEach((tick, command) -> lifecycle.execute(state, command, tick));
    row = state.fleetRow();
    return this;
  }

  /** The fleet's own row: a configuration, and lineages that began at these ticks. */
  FleetDraft row(LifecycleConfig config, long... began) {
    LifecycleState state = LifecycleState.empty(config, LINEAGE);
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
    LifecycleState state = LifecycleState.empty(LifecycleConfig.defaults(), LINEAGE);
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

  FleetDraft swap(long id, SwapState state, List<String> oldSide, List<String> newSide) {
    swaps.add(new SwapRow(id, keys(oldSide), keys(newSide), Coverage.SAME, state, 0, 0));
    return this;
  }

  private static List<ChunkKey> keys(List<String> ids) {
    return ids.stream().map(id -> ChunkKey.of("d", id)).toList();
  }

  /** Returns the fleet in tables, with the floors that were told. */
  Facts facts() {
    FleetRow fleet = fleetRow();
    LifecycleState.Builder builder = LifecycleState.builder(fleet, chunks.size());
    workers.forEach(worker -> builder.worker(rowOf(worker)));
    chunks.forEach(chunk -> builder.chunk(rowOf(chunk)));
    swaps.forEach(builder::swap);
    Set<String> pairs = new HashSet<>();
    List<ReplicaDraft> again = new ArrayList<>();
    for (ReplicaDraft copy : replicas) {
      if (pairs.add(copy.chunk + "@" + copy.worker)) {
        builder.replica(at(copy.chunk), at(copy.worker), copy.since);
        builder.ending(copy.supersededAt, copy.releasedAt);
        builder.window(copy.readableUntil, copy.missingSince, copy.named ? ReplicaTable.NAMED : 0);
      } else {
        again.add(copy);
      }
    }
    LifecycleState state = builder.build();
    Tables tables = state.tables();
    for (ReplicaDraft copy : again) {
      tables.replicas.add(
          at(copy.chunk), at(copy.worker), copy.since, tables.chunks, tables.workers);
    }
    return new Facts(state) {
      @Override
      int floor(int chunk) {
        return chunks.stream().filter(it -> at(it.id) == chunk).findFirst().get().floor;
      }
    };
  }

  private int at(String name) {
    if (!names.contains(name)) {
      names.add(name);
    }
    return names.indexOf(name);
  }

  private FleetRow fleetRow() {
    LifecycleConfig config =
        row.config().toBuilder().confirmation(confirmation).gates(gates).unchecked();
    FleetRow fleet = with(row, "config", config);
    fleet = with(fleet, "worker_assignment", workerAssignment);
    fleet = with(fleet, "portal_assignment", portalAssignment);
    fleet = with(fleet, "watermark", watermark);
    fleet = with(fleet, "wishes", bans);
    return with(fleet, "largest_tick", tick);
  }

  private static FleetRow with(FleetRow row, String field, Object value) {
    return Shape.of(FleetRow.class).with(row, field, value);
  }

  private ChunkRow rowOf(ChunkDraft chunk) {
    int position = at(chunk.id);
    return new ChunkRow(
        position,
        ChunkKey.of(chunk.dataset, chunk.id),
        new BlockRange(chunk.first, chunk.last),
        100,
        0,
        Eligibility.ANY,
        chunk.state,
        chunk.marked,
        new ChunkNumber(LINEAGE, position + 1L),
        chunk.everPossessed,
        !chunk.gone.isEmpty(),
        chunk.established ? 1 : 0,
        0,
        chunk.endTick,
        null,
        List.of(),
        chunk.gone);
  }

  private WorkerRow rowOf(WorkerDraft worker) {
    Worker plain = Worker.of(WorkerId.of(worker.id), worker.capacity);
    Worker described = worker.domain.isEmpty() ? plain : plain.withZone(worker.domain);
    boolean isAbsent =
        worker.status == WorkerStatus.SUSPECT || worker.status == WorkerStatus.DEPARTED;
    List<PendingReport> pending = new ArrayList<>();
    if (worker.sending > 0) {
      pending.add(PendingReport.part(worker.sending, 1, worker.sendingIsOpen ? 2 : 1, List.of()));
    } else if (worker.inventoryPending) {
      pending.add(new PendingReport(PendingReport.Kind.INVENTORY, 1, 0, List.of()));
    }
    return new WorkerRow(
        at(worker.id),
        isAbsent ? described : described.withStatus(worker.status),
        isAbsent ? worker.status : null,
        worker.absentSince,
        Incarnation.of(worker.incarnation),
        "disk",
        worker.applied,
        true,
        worker.unproven,
        worker.published,
        0,
        List.of(),
        null,
        worker.lastReport,
        worker.lastSeen,
        false,
        pending,
        worker.departure,
        ObservedPressure.NONE,
        null,
        0,
        0);
  }

  private int chunkAt(String id) {
    return chunks.stream().map(chunk -> chunk.id).toList().indexOf(id);
  }
}
