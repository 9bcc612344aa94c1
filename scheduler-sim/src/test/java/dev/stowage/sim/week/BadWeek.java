package dev.stowage.sim.week;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.audit.Audit;
import dev.stowage.command.ReportHeader;
import dev.stowage.command.Result;
import dev.stowage.command.Result.Movement;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.BlockRange;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Worker;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.storage.memory.MemoryChunkStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A week in which much happens that looks like the death of many workers and is none, and two
 * workers die. Uses the public facade alone, with default settings. Writes down day by day what
 * departed and what was copied. Not thread-safe.
 */
final class BadWeek {
  static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  static final long DAY = 24 * HOUR;

  /** The time between two runs of both cycles with reports of every worker, in nanoseconds. */
  private static final long PACE = 50 * SECOND;

  private static final int WORKERS = 24;
  private static final int ZONES = 4;
  private static final int CHUNKS = 600;
  private static final long MEBI = 1L << 20;

  /** So large that two replicas of each are nearly all that there is room for. */
  private static final long CHUNK_MEBI = 680;

  private final List<String> lines = new ArrayList<>();
  private final Map<WorkerId, Host> hosts = new TreeMap<>();
  private final Set<WorkerId> dead = new TreeSet<>();
  private final Set<WorkerId> unreachable = new TreeSet<>();
  private final SortedSet<WorkerId> departed = new TreeSet<>();
  private final Set<WorkerId> gone = new TreeSet<>();
  private final SortedSet<WorkerId> guarded = new TreeSet<>();
  private final MemoryChunkStore store;
  private final StowageConfig config;
  private final boolean hasClock;
  private Stowage leader;
  private long time = SECOND;
  private long wrongBy;
  private final SortedMap<String, Long> copies = new TreeMap<>();
  private long refused;
  private long repairs;
  private long lost;
  private int departures;

  /** A worker, as its own process knows itself. */
  private static final class Host {
    private Incarnation incarnation = Incarnation.of(0);
    private Lineage lineage = Lineage.of(0);
    private long report;
    private List<ChunkNumber> disk = List.of();

    ReportHeader header(WorkerId id) {
      return new ReportHeader(id, incarnation, lineage, ++report);
    }
  }

  BadWeek(LifecycleConfig.Trust trust, boolean hasClock) {
    LifecycleConfig fleet = LifecycleConfig.builder().trust(trust).build();
    config = StowageConfig.defaults().withFleet(fleet).withAnswersWithin(Duration.ZERO);
    this.hasClock = hasClock;
    MemoryChunkStore.Builder builder = MemoryChunkStore.builder();
    store = (hasClock ? builder.clock(() -> time) : builder).build();
    leader = lead();
  }

  private Stowage lead() {
    Stowage next = Stowage.builder(store).config(config).build();
    next.claim(told());
    return next;
  }

  /** Lives through the week; the lines are its transcript. */
  List<String> lived() {
    found();
    run(DAY);
    night("Monday", "24 workers in 4 zones take in 600 chunks, 2 replicas of each");

    dies(worker(5));
    run(DAY);
    night("Tuesday", "w05 dies at 00:00");

    dies(worker(17));
    time += DAY;
    night("Wednesday", "no leader all day; w17 dies at 12:00");

    leader.close();
    leader = lead();
    if (!hasClock) {
      cycle();
      leader.resetTime(told());
    }
    run(DAY);
    night(
        "Thursday",
        "a leader is back at 00:00" + (hasClock ? "" : ", and an operator sets the time"));

    cut(List.of("z1", "z2"));
    run(3 * HOUR);
    unreachable.clear();
    run(DAY - 3 * HOUR);
    night("Friday", "12 workers, two whole zones, cannot be reached from 00:00 to 03:00");

    wrongBy = 50 * MINUTE;
    run(30 * MINUTE);
    wrongBy = 10 * DAY;
    run(HOUR);
    wrongBy = 0;
    leader.resetTime(told());
    run(DAY - 90 * MINUTE);
    night("Saturday", "the leader's clock is 50 min ahead for 30 min, then 10 days for 1 h; reset");

    dead.remove(worker(5));
    run(DAY);
    night("Sunday", "w05 is back at 00:00, with its disk");
    return lines;
  }

  /** Copies of chunks that had fewer replicas than their floor. */
  long repairs() {
    return repairs;
  }

  /** Replicas that the dead held. */
  long lost() {
    return lost;
  }

  /** Departures of the whole week. */
  int departures() {
    return departures;
  }

  List<String> wrong() {
    List<String> wrong = new ArrayList<>();
    leader.audit().forEach(it -> wrong.add(it.toString()));
    leader.schedule(told()).shortfalls().forEach(it -> wrong.add(it.toString()));
    leader.close();
    return wrong;
  }

  private void found() {
    for (int i = 1; i <= WORKERS; i++) {
      WorkerId id = worker(i);
      leader.describe(Worker.of(id, 40 * 1_024 * MEBI).withZone("z" + i % ZONES), told());
      Host host = new Host();
      hosts.put(id, host);
      register(id, host);
    }
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < CHUNKS; i++) {
      ChunkKey key = ChunkKey.of("d", "c" + i);
      chunks.add(Chunk.of(key, BlockRange.of(10L * i, 10L * i + 9), CHUNK_MEBI * MEBI));
    }
    leader.ingest(chunks, told());
  }

  private static WorkerId worker(int number) {
    return WorkerId.of(String.format(Locale.ROOT, "w%02d", number));
  }

  /** Returns the time on the leader's clock. */
  private long told() {
    return time + wrongBy;
  }

  private void run(long nanos) {
    long end = time + nanos;
    while (time < end) {
      time += PACE;
      cycle();
    }
  }

  private void cycle() {
    Result.Scheduled cycle = leader.schedule(told());
    if (cycle.code() == ResultCode.TIME_JUMP) {
      refused++;
    }
    Movement movement = cycle.movement();
    movement
        .bytesAddedByCause()
        .forEach((cause, bytes) ->
            copies.merge(cause.toLowerCase(Locale.ROOT), bytes / (CHUNK_MEBI * MEBI), Long::sum));
    guarded.addAll(cycle.guarded());
    hosts.forEach((id, host) -> {
      if (!dead.contains(id) && !unreachable.contains(id)) {
        report(id, host);
      }
    });
    leader.publish(told());
    if (cycle.changed()) {
      departures(leader.ask(Audit.STATE));
    }
  }

  /** Fetches what its slice names, drops the rest, and says so; registers and counts when asked. */
  private void report(WorkerId id, Host host) {
    WorkerSlice slice = leader.fleet().slice(id).orElse(null);
    if (slice != null) {
      host.disk = slice.entries().stream().map(SliceEntry::number).toList();
    }
    Result.Answer answer =
        slice == null
            ? leader.heartbeat(host.header(id), told())
            : leader.applied(host.header(id), slice.id(), List.of(), told());
    if (answer.code() == ResultCode.OLD_INCARNATION) {
      register(id, host);
      answer = leader.heartbeat(host.header(id), told());
    }
    if (answer.code() == ResultCode.INVENTORY_WANTED) {
      leader.inventory(host.header(id), host.disk, told());
    }
  }

  private void register(WorkerId id, Host host) {
    Result.Registered answer = leader.register(id, "disk of " + id, told());
    host.incarnation = answer.incarnation();
    host.lineage = answer.lineage();
    host.report = answer.lastReport();
  }

  private void dies(WorkerId id) {
    dead.add(id);
    lost += hosts.get(id).disk.size();
  }

  private void departures(LifecycleSnapshot now) {
    now.forEachWorker(worker -> {
      WorkerId id = now.workerId(worker);
      boolean isGone = now.workerRow(worker).status() == WorkerStatus.DEPARTED;
      if (!isGone) {
        gone.remove(id);
      } else if (gone.add(id)) {
        departed.add(id);
      }
    });
  }

  private void cut(List<String> zones) {
    for (int i = 1; i <= WORKERS; i++) {
      if (zones.contains("z" + i % ZONES)) {
        unreachable.add(worker(i));
      }
    }
  }

  private void night(String name, String what) {
    lines.add(name + ": " + what);
    long count = copies.values().stream().mapToLong(it -> it).sum();
    List<String> seen = new ArrayList<>();
    seen.add("departed: " + named(departed));
    seen.add("copies: " + count + (count == 0 ? "" : " " + copies));
    if (!guarded.isEmpty()) {
      seen.add("kept by the guard: " + guarded.size());
    }
    if (refused > 0) {
      seen.add("cycles refused: " + refused);
    }
    lines.add("  " + String.join("; ", seen));
    repairs += copies.getOrDefault("repair", 0L);
    departures += departed.size();
    copies.clear();
    refused = 0;
    departed.clear();
    guarded.clear();
  }

  private static String named(SortedSet<WorkerId> ids) {
    if (ids.isEmpty()) {
      return "nobody";
    }
    return ids.size() > 4 ? ids.size() + " workers" : String.join(", ", texts(ids));
  }

  private static List<String> texts(SortedSet<WorkerId> ids) {
    return ids.stream().map(WorkerId::value).toList();
  }
}
