package dev.stowage.sim.tool.plan;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlacementInput.PlacementInputBuilder;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.sim.tool.csv.CsvColumns;
import dev.stowage.sim.tool.csv.CsvFile;
import dev.stowage.sim.tool.csv.CsvRow;
import dev.stowage.sim.tool.csv.InputProblem;
import dev.stowage.sim.tool.csv.ProblemList;
import dev.stowage.sim.tool.plan.PlanFields.Truth;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The replicas held when the plan begins. Flat, because there may be millions of lines. */
final class HeldTable {
  private static final CsvColumns COLUMNS = PlanFields.columns(PlanFields.HELD_FILE);

  /** The states in the order of their {@link ReplicaBits}. */
  enum State {
    ASSIGNED,
    SUPERSEDED,
    DRAINING
  }

  private final WorkerList workers;
  private final ChunkList chunks;
  private final BitSet named = new BitSet();
  private final BitSet possessed = new BitSet();
  private long[] pairs = new long[16];
  private long[] lines = new long[16];
  private byte[] bits = new byte[16];
  private int count;

  private HeldTable(WorkerList workers, ChunkList chunks) {
    this.workers = workers;
    this.chunks = chunks;
  }

  static HeldTable nothing(WorkerList workers, ChunkList chunks) {
    return new HeldTable(workers, chunks);
  }

  static HeldTable read(CsvFile file, WorkerList workers, ChunkList chunks, ProblemList problems) {
    HeldTable table = new HeldTable(workers, chunks);
    file.read(COLUMNS, problems, table::row);
    table.refuseRepeated(file.name(), problems);
    return table;
  }

  boolean names(int chunk) {
    return named.get(chunk);
  }

  boolean isPossessed(int chunk) {
    return possessed.get(chunk);
  }

  void addTo(PlacementInputBuilder builder) {
    builder.expectReplicas(count);
    for (int i = 0; i < count; i++) {
      builder.replica((int) (pairs[i] >>> 32), (int) pairs[i], bits[i]);
    }
  }

  /** Reports whether no replica is listed. */
  boolean isEmpty() {
    return count == 0;
  }

  /** Visits the positions of chunk and worker of each assigned replica. */
  void forEachAssigned(PairVisitor visitor) {
    for (int i = 0; i < count; i++) {
      if ((bits[i] & ReplicaBits.STATE_MASK) == State.ASSIGNED.ordinal()) {
        visitor.visit((int) (pairs[i] >>> 32), (int) pairs[i]);
      }
    }
  }

  /** Takes the positions of a chunk and a worker. */
  @FunctionalInterface
  interface PairVisitor {
    void visit(int chunk, int worker);
  }

  private void row(CsvRow row) {
    Optional<ChunkKey> key = ChunkList.key(row);
    Optional<WorkerId> id = row.value(PlanFields.WORKER, PlanFields.NAME, WorkerId::of);
    Optional<State> state =
        PlanFields.word(row, PlanFields.STATE, State.ASSIGNED, "assigned, superseded or draining");
    Optional<Truth> possession = PlanFields.truth(row, PlanFields.POSSESSED, Truth.TRUE);
    Optional<Truth> routed = PlanFields.truth(row, PlanFields.ROUTED, Truth.UNSAID);
    Optional<Truth> drained = PlanFields.truth(row, PlanFields.DRAINED, Truth.FALSE);
    Optional<Truth> readable = PlanFields.truth(row, PlanFields.READABLE, Truth.UNSAID);
    Optional<Truth> givenUp = PlanFields.truth(row, PlanFields.GIVEN_UP, Truth.FALSE);
    int chunk = key.isPresent() ? chunks.position(key.get()) : -1;
    int worker = id.isPresent() ? workers.position(id.get()) : -1;
    if (key.isPresent() && chunk < 0 && chunks.isComplete()) {
      row.refuse(PlanFields.CHUNK, "a listed chunk", InputProblem.quoted(key.get().toString()));
    }
    if (id.isPresent() && worker < 0 && workers.isComplete()) {
      row.refuse(PlanFields.WORKER, "a listed worker", InputProblem.quoted(id.get().value()));
    }
    if (chunk < 0
        || worker < 0
        || state.isEmpty()
        || possession.isEmpty()
        || routed.isEmpty()
        || drained.isEmpty()
        || readable.isEmpty()
        || givenUp.isEmpty()) {
      return;
    }
    if (state.get() != State.DRAINING && drained.get().or(false)) {
      row.refuse(PlanFields.DRAINED, "true only for draining replicas", inState(state.get()));
    }
    if (state.get() == State.DRAINING && routed.get().or(false)) {
      row.refuse(
          PlanFields.ROUTED, "true only for replicas that are not draining", inState(state.get()));
    }
    int flags = state.get().ordinal();
    flags |= possession.get().or(true) ? ReplicaBits.POSSESSED : 0;
    if (state.get() == State.DRAINING) {
      flags |= drained.get().or(false) ? 0 : ReplicaBits.READABLE;
    } else if (routed.get().or(chunks.row(chunk).visible())) {
      flags |= ReplicaBits.ROUTED | ReplicaBits.READABLE;
    }
    flags = (flags & ~ReplicaBits.READABLE) | readable(row, flags, readable.get(), drained.get());
    flags |= givenUp.get().or(false) ? ReplicaBits.GIVEN_UP : 0;
    named.set(chunk);
    possessed.set(chunk, possessed.get(chunk) || possession.get().or(true));
    append((long) chunk << 32 | worker, row.line(), flags);
  }

  /** Returns the bit of {@code said}; refuses one that contradicts routes or drains. */
  private static int readable(CsvRow row, int flags, Truth said, Truth drained) {
    boolean isReadable = (flags & ReplicaBits.READABLE) != 0;
    if (said == Truth.FALSE && (flags & ReplicaBits.ROUTED) != 0) {
      row.refuse(PlanFields.READABLE, "true or nothing for a replica that is routed to", "false");
    } else if (said == Truth.TRUE && drained.or(false)) {
      row.refuse(PlanFields.READABLE, "false or nothing for a replica that is drained", "true");
    } else {
      isReadable = said.or(isReadable);
    }
    return isReadable ? ReplicaBits.READABLE : 0;
  }

  private static String inState(State state) {
    return "true for one that is " + PlanFields.lower(state);
  }

  private void append(long pair, long line, int flags) {
    if (count == pairs.length) {
      int more = (int) Math.min(Integer.MAX_VALUE - 8L, count * 2L);
      pairs = Arrays.copyOf(pairs, more);
      lines = Arrays.copyOf(lines, more);
      bits = Arrays.copyOf(bits, more);
    }
    pairs[count] = pair;
    lines[count] = line;
    bits[count++] = (byte) flags;
  }

  private void refuseRepeated(String file, ProblemList problems) {
    long[] sorted = Arrays.copyOf(pairs, count);
    Arrays.sort(sorted);
    Map<Long, Long> first = new HashMap<>();
    for (int i = 1; i < count; i++) {
      if (sorted[i] == sorted[i - 1]) {
        first.put(sorted[i], 0L);
      }
    }
    for (int i = 0; i < count && !first.isEmpty(); i++) {
      Long before = first.get(pairs[i]);
      if (before != null && before == 0) {
        first.put(pairs[i], lines[i]);
      } else if (before != null) {
        String found = "one that line " + before + " has";
        problems.add(
            new InputProblem(
                file, lines[i], PlanFields.WORKER, "a replica that is listed once", found));
      }
    }
  }
}
