package dev.stowage.lifecycle.planning;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.columns.IntList;
import dev.stowage.columns.IntSet;
import dev.stowage.columns.SaturatedSum;
import dev.stowage.columns.WideSum;
import dev.stowage.command.Result.Movement;
import dev.stowage.config.Reason;
import dev.stowage.lifecycle.Origin;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.DeletionRule;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.InvariantViolation;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlanChanges.ActionKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Applies a plan, without what no longer fits, to the state at commit (section 3, step 4). */
public final class PlanApplication {
  private final Tables tables;
  private final Journal journal;
  private final long tick;
  private final PlacementPlan plan;
  private final PlanTask fed;
  private final DomainsAtCommit domains;
  private final int count;
  private final int[] chunk;
  private final int[] worker;
  private final int[] slot;
  private final boolean[] struck;

  private final int[] firstOfNew;

  private IntSet condemned = new IntSet();
  private boolean isStable;
  private boolean isMore;

  private final List<Integer> superseded = new ArrayList<>();
  private int added;
  private int readopted;
  private int preempted;
  private int lastResort;
  private final long[] bytesByCause = new long[Cause.values().length];
  private final EnumSet<Cause> causes = EnumSet.noneOf(Cause.class);

  public PlanApplication(Journal journal, long tick, PlanTask fed) {
    this.journal = journal;
    this.tick = tick;
    this.fed = fed;
    plan = fed.plan();
    tables = journal.tables;
    domains = new DomainsAtCommit(tables);
    count = plan.actionCount();
    chunk = new int[count];
    worker = new int[count];
    slot = new int[count];
    struck = new boolean[count];
    for (int action = 0; action < count; action++) {
      chunk[action] = fed.chunk(plan.actionChunk(action));
      worker[action] = fed.worker(plan.actionWorker(action));
      slot[action] =
          tables.chunks.exists(chunk[action])
              ? tables.replicas.find(chunk[action], worker[action], tables.chunks)
              : ReplicaTable.NONE;
    }
    firstOfNew = IntStream.range(0, count).filter(this::beginsNew).toArray();
  }

  private boolean beginsNew(int action) {
    return (action == 0 || chunk[action - 1] != chunk[action])
        && tables.chunks.exists(chunk[action])
        && !tables.chunks.isEstablished(chunk[action]);
  }

  public void apply(DeletionRule rule, long newAssignment, IntSet condemned) {
    this.condemned = condemned;
    strikeWhatDoesNotFit(rule);
    postpone();
    if (isMore) {
      strikeWhatDoesNotFit(rule);
    }
    for (int action = 0; action < count; action++) {
      if (!struck[action] && plan.kind(action) == ActionKind.PREEMPT) {
        preempt(action, rule);
      }
    }
    for (int action = 0; action < count; action++) {
      if (!struck[action]) {
        carryOut(action, newAssignment);
      }
    }
  }

  private void strikeWhatDoesNotFit(DeletionRule rule) {
    do {
      isStable = true;
      strikeStale();
      strikePartners();
      strikeDeletions(rule.copy());
      strikeWithoutRoom();
      strikeBeyondDomains();
      strikeWhatRulesForbid();
      strikeIncomplete();
    } while (!isStable);
  }

  private void postpone() {
    if (firstOfNew.length <= tables.fleet.config().maxChunksPerCycle()) {
      return;
    }
    IntList placed = new IntList();
    for (int first : firstOfNew) {
      if (isPlaced(first)) {
        placed.add(chunk[first]);
      }
    }
    CycleShare share = new CycleShare(tables, placed);
    for (int first : firstOfNew) {
      if (isPlaced(first) && !share.has(chunk[first])) {
        strikeAdditions(first);
        isMore = true;
      }
    }
  }

  private boolean isPlaced(int first) {
    for (int action = first; action < count && chunk[action] == chunk[first]; action++) {
      if (!struck[action] && isAddition(action)) {
        return true;
      }
    }
    return false;
  }

  public boolean isMore() {
    return isMore;
  }

  public int struckCount() {
    int total = 0;
    for (boolean one : struck) {
      total += one ? 1 : 0;
    }
    return total;
  }

  public boolean isContentChanged() {
    return added + preempted > 0;
  }

  /** Reports whether the plan adds copies. */
  public boolean isAdding() {
    return added > 0;
  }

  /** Returns replicas to be stamped once the new assignment is known. */
  public List<Integer> superseded() {
    return superseded;
  }

  public Movement movement(int settled) {
    TreeMap<String, Long> bytes = new TreeMap<>();
    for (Cause cause : causes) {
      bytes.put(cause.name().toLowerCase(Locale.ROOT), bytesByCause[cause.ordinal()]);
    }
    return new Movement(added, readopted, superseded.size(), preempted, lastResort, settled, bytes);
  }

  private void strikeStale() {
    for (int action = 0; action < count; action++) {
      if (!struck[action] && isStale(action)) {
        strike(action);
      }
    }
  }

  private boolean isStale(int action) {
    if (!isSameChunk(action) || !tables.workers.exists(worker[action])) {
      return true;
    }
    WorkerRow holder = tables.workers.entry(worker[action]);
    boolean isAbsent = slot[action] == ReplicaTable.NONE;
    return switch (plan.kind(action)) {
      case ADD ->
          !tables.chunks.isLive(chunk[action])
              || !(isAbsent ? holder.isPlaceable() : holder.isPresent());
      case READOPT -> isAbsent || !tables.chunks.isLive(chunk[action]) || !holder.isPresent();
      case SUPERSEDE -> isAbsent || !tables.replicas.isAssigned(slot[action]);
      case PREEMPT -> isAbsent;
    };
  }

  private boolean isSameChunk(int action) {
    int at = chunk[action];
    return tables.chunks.exists(at)
        && tables.chunks.facts.counter(at) == fed.facts().counter(at)
        && tables.chunks.facts.lineage(at) == fed.facts().lineage(at);
  }

  private void strikePartners() {
    for (int action = 0; action < count; action++) {
      int partner = plan.partner(action);
      if (!struck[action] && partner != PlacementPlan.NO_PARTNER && struck[partner]) {
        strike(action);
      }
    }
  }

  private void strikeDeletions(DeletionRule trial) {
    for (int action = 0; action < count; action++) {
      if (struck[action] || plan.kind(action) != ActionKind.PREEMPT) {
        continue;
      }
      if (isCondemned(action)) {
        continue;
      }
      if (!mayPreempt(action) || !trial.allows(slot[action])) {
        strike(action);
        int partner = plan.partner(action);
        if (partner != PlacementPlan.NO_PARTNER && !struck[partner]) {
          strike(partner);
        }
      }
    }
  }

  private boolean mayPreempt(int action) {
    if (!tables.rules.readable(slot[action], tick)) {
      return true;
    }
    return plan.reason(action) == Reason.READABLE
        && (!tables.rules.routed(slot[action]) || keepsRoutedFloor(action));
  }

  private boolean keepsRoutedFloor(int action) {
    int routed = 0;
    int of = tables.replicas.chunk(slot[action]);
    for (int other = tables.chunks.firstReplica(of);
        other != ReplicaTable.NONE;
        other = tables.replicas.next(other)) {
      boolean serves = tables.rules.routed(other) && tables.rules.counted(other);
      routed += serves && isWantedThen(action, other) ? 1 : 0;
    }
    return routed >= tables.rules.floor(of);
  }

  private boolean isWantedThen(int action, int held) {
    int first = action;
    while (first > 0 && chunk[first - 1] == chunk[action]) {
      first--;
    }
    for (int other = first; other < count && chunk[other] == chunk[action]; other++) {
      if (slot[other] == held && !struck[other]) {
        return isAddition(other);
      }
    }
    return tables.replicas.isAssigned(held);
  }

  /** Strikes the last additions of the plan first. */
  private void strikeWithoutRoom() {
    WideSum[] room = WideSum.zeros(tables.workers.limit());
    int[] spare = new int[room.length];
    for (int position : tables.workers.order()) {
      WorkerRow entry = tables.workers.entry(position);
      room[position].add(entry.description().capacityBytes());
      room[position].subtract(tables.workers.footprintBytes(position));
      spare[position] = entry.description().maxReplicas() - tables.workers.replicas(position);
    }
    for (int going : condemned.toArray()) {
      long bytes = tables.chunks.facts.sizeBytes(tables.replicas.chunk(going));
      room[tables.replicas.worker(going)].add(bytes);
      spare[tables.replicas.worker(going)] += 1;
    }
    for (int action = 0; action < count; action++) {
      if (!struck[action] && plan.kind(action) == ActionKind.PREEMPT) {
        room[worker[action]].add(isCondemned(action) ? 0 : sizeOf(action));
        spare[worker[action]] += isCondemned(action) ? 0 : 1;
      } else if (takesRoom(action)) {
        room[worker[action]].subtract(sizeOf(action));
        spare[worker[action]]--;
      }
    }
    for (int action = count - 1; action >= 0; action--) {
      boolean isOver =
          takesRoom(action) && (room[worker[action]].isNegative() || spare[worker[action]] < 0);
      if (isOver) {
        room[worker[action]].add(sizeOf(action));
        spare[worker[action]]++;
        strike(action);
      }
    }
  }

  /** Strikes the last additions of the plan first. */
  private void strikeBeyondDomains() {
    int end;
    for (int first = 0; !domains.isNone() && first < count; first = end) {
      end = first + 1;
      while (end < count && chunk[end] == chunk[first]) {
        end++;
      }
      if (isSameChunk(first)) {
        strikeBeyondDomains(first, end);
      }
    }
  }

  private void strikeBeyondDomains(int first, int end) {
    for (int action = end - 1; action >= first; action--) {
      boolean isAdded =
          !struck[action]
              && isAddition(action)
              && (slot[action] == ReplicaTable.NONE || !tables.replicas.isAssigned(slot[action]));
      if (isAdded && domains.isOver(worker[action], wantedThen(first, end))) {
        strike(action);
      }
    }
  }

  private IntList wantedThen(int first, int end) {
    IntList wanted = new IntList(0);
    for (int held = tables.chunks.firstReplica(chunk[first]);
        held != ReplicaTable.NONE;
        held = tables.replicas.next(held)) {
      if (isWantedThen(first, held)) {
        wanted.add(tables.replicas.worker(held));
      }
    }
    for (int action = first; action < end; action++) {
      if (!struck[action] && isAddition(action) && slot[action] == ReplicaTable.NONE) {
        wanted.add(worker[action]);
      }
    }
    return wanted;
  }

  /** Strikes additions that rules forbid beside what the worker has, or is given before them. */
  private void strikeWhatRulesForbid() {
    RulesAtCommit rules = new RulesAtCommit(tables);
    for (int action = 0; !rules.isNone() && action < count; action++) {
      if (!struck[action] && isAddition(action) && slot[action] == ReplicaTable.NONE) {
        if (rules.forbid(chunk[action], worker[action])) {
          strike(action);
        } else {
          rules.given(chunk[action], worker[action]);
        }
      }
    }
  }

  private void strikeIncomplete() {
    Set<Long> brokenSwaps = new TreeSet<>();
    for (int first : firstOfNew) {
      if (isBroken(first)) {
        strikeAdditions(first);
        long swap = tables.swaps.pendingProducing(chunk[first]);
        if (swap != 0) {
          brokenSwaps.add(swap);
        }
      }
    }
    if (brokenSwaps.isEmpty()) {
      return;
    }
    Map<Integer, Integer> firstOf = new HashMap<>();
    for (int first : firstOfNew) {
      firstOf.put(chunk[first], first);
    }
    List<Long> open = new ArrayList<>(brokenSwaps);
    Set<Long> seen = new HashSet<>();
    while (!open.isEmpty()) {
      SwapRow swap = tables.swaps.row(open.remove(open.size() - 1));
      if (swap != null && seen.add(swap.id())) {
        strikeNewSide(swap, firstOf, open);
      }
    }
  }

  /** Reports whether an addition was struck or the floor rose since the plan was made. */
  private boolean isBroken(int first) {
    int standing = 0;
    for (int action = first; action < count && chunk[action] == chunk[first]; action++) {
      if (isAddition(action)) {
        if (struck[action]) {
          return true;
        }
        standing++;
      }
    }
    return standing > 0 && standing < tables.rules.floor(chunk[first]);
  }

  private void strikeAdditions(int first) {
    for (int action = first; action < count && chunk[action] == chunk[first]; action++) {
      if (!struck[action] && isAddition(action)) {
        strike(action);
      }
    }
  }

  private void strikeNewSide(SwapRow swap, Map<Integer, Integer> firstOf, List<Long> open) {
    for (ChunkKey key : swap.newChunks()) {
      int at = tables.chunks.find(key);
      Integer first = firstOf.get(at);
      if (first != null) {
        strikeAdditions(first);
      }
      long resting = tables.swaps.replacing(at);
      if (resting != 0) {
        open.add(resting);
      }
    }
  }

  private void strike(int action) {
    struck[action] = true;
    isStable = false;
  }

  private void preempt(int action, DeletionRule rule) {
    int going = slot[action];
    if (!condemned.contains(going) && !rule.allows(going)) {
      throw new InvariantViolation(
          "retention", "a preemption that was allowed is not: " + describe(action));
    }
    if (tables.rules.readable(going, tick)) {
      lastResort++;
    }
    condemned.remove(going);
    journal.removeReplica(going);
    preempted++;
  }

  private void carryOut(int action, long newAssignment) {
    switch (plan.kind(action)) {
      case ADD, READOPT -> {
        if (slot[action] == ReplicaTable.NONE) {
          add(action, newAssignment);
        } else {
          readopt(slot[action]);
        }
      }
      case SUPERSEDE -> {
        journal.touch(slot[action]);
        superseded.add(slot[action]);
        tables.work.restless.add(chunk[action]);
      }
      case PREEMPT -> {}
    }
  }

  private void add(int action, long newAssignment) {
    int at = chunk[action];
    int fresh = journal.addReplica(at, worker[action], newAssignment);
    tables.replicas.origin(fresh, Origin.of(plan.cause(action)));
    if (!tables.chunks.isEstablished(at)) {
      journal.establish(at, newAssignment);
    }
    added++;
    causes.add(plan.cause(action));
    int cause = plan.cause(action).ordinal();
    bytesByCause[cause] = SaturatedSum.of(bytesByCause[cause], sizeOf(action));
  }

  private void readopt(int held) {
    if (tables.replicas.isAssigned(held)) {
      return;
    }
    journal.touch(held);
    tables.replicas.superseded(held, 0);
    tables.replicas.released(held, 0);
    tables.replicas.flags(held, tables.replicas.flags(held) & ~ReplicaTable.DISK_GONE);
    readopted++;
  }

  private boolean isAddition(int action) {
    ActionKind kind = plan.kind(action);
    return kind == ActionKind.ADD || kind == ActionKind.READOPT;
  }

  private boolean takesRoom(int action) {
    return !struck[action]
        && isAddition(action)
        && (slot[action] == ReplicaTable.NONE || isCondemned(action));
  }

  private boolean isCondemned(int action) {
    return slot[action] != ReplicaTable.NONE && condemned.contains(slot[action]);
  }

  private long sizeOf(int action) {
    return tables.chunks.facts.sizeBytes(chunk[action]);
  }

  private String describe(int action) {
    return tables.chunks.facts.key(chunk[action]) + "@" + tables.workers.entry(worker[action]).id();
  }
}
