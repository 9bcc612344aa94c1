package dev.stowage.lifecycle.steps;

import dev.stowage.columns.SaturatedSum;
import dev.stowage.command.Command;
import dev.stowage.command.PlacementWish;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.state.ReplicaTable;
import dev.stowage.lifecycle.state.Tables;
import dev.stowage.lifecycle.state.WishIndex;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Eligibility;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Announces that a worker goes and comes back ({@link Command.Away}), and ends that. An announced
 * absence has these steps, all derived from the worker's row and from where its chunks lie:
 *
 * <ul>
 *   <li>Requested: the status is {@code AWAY}. The worker keeps its replicas, is given none, and
 *       counts for no gate and no deletion.
 *   <li>Copying: a plan makes copies until {@code leastCopies} of each chunk assigned to it, and
 *       the floor of each chunk that portals do not see yet, are assigned elsewhere ({@link
 *       dev.stowage.lifecycle.state.Rules#plannedFloor}). Routes stop naming it for a chunk once
 *       {@code leastCopies} stand elsewhere.
 *   <li>May go: each chunk that it possesses has {@code leastCopies} possessed on counted workers
 *       that are neither to leave nor away, and no route in use names it. Deletions keep that so.
 *   <li>Absent: silent for {@code suspectAfter}, permitted or not. No route names it, and it is
 *       neither suspect nor departs.
 *   <li>Back: with the first report after it was absent, when its process registers again, or by
 *       the operator's word.
 *   <li>Over, at {@code until}: one that is still silent is suspect, and its silence counts from
 *       {@code until}.
 * </ul>
 */
public final class Absence {
  private static final int MOST_NAMES = 10;

  private final Tables tables;
  private final Journal journal;
  private final long tick;

  public Absence(Journal journal, long tick) {
    this.journal = journal;
    this.tick = tick;
    tables = journal.tables;
  }

  public Result.Answer announce(Command.Away said) {
    int position = tables.workers.find(said.worker());
    if (position < 0) {
      return Result.Answer.of(ResultCode.UNKNOWN_WORKER);
    }
    WorkerRow known = tables.workers.entry(position);
    if (said.isBack()) {
      if (known.isAway()) {
        end(journal, position, tick, tick);
      }
      return Result.Answer.of(ResultCode.ACCEPTED);
    }
    List<String> wrong = violations(said, known);
    if (!wrong.isEmpty()) {
      return new Result.Answer(ResultCode.INVALID, wrong);
    }
    List<ChunkKey> never = withoutCopies(position, said.leastCopies());
    if (!never.isEmpty()) {
      return new Result.Answer(ResultCode.TOO_FEW_WORKERS, List.of(named(never, said)));
    }
    boolean isSilent = known.absence() == WorkerStatus.SUSPECT;
    journal.worker(
        position,
        it -> {
          it.with(WorkerRow.AWAY_UNTIL, said.until().value())
              .with(WorkerRow.LEAST_COPIES, said.leastCopies());
          return isSilent
              ? it.with(WorkerRow.ABSENCE, WorkerStatus.AWAY)
                  .with(WorkerRow.DEPARTURE, WorkerRow.Departure.NONE)
              : it;
        });
    journal.touchAllOn(position);
    return Result.Answer.of(ResultCode.ACCEPTED);
  }

  /** Ends an announced absence; the silence of a worker that is still absent counts from a tick. */
  static WorkerRow end(Journal journal, int position, long silentFrom, long tick) {
    boolean isAbsent = journal.tables.workers.entry(position).absence() == WorkerStatus.AWAY;
    WorkerRow row =
        journal.worker(
            position,
            it -> {
              it.with(WorkerRow.LEAST_COPIES, 0)
                  .with(WorkerRow.AWAY_UNTIL, isAbsent ? silentFrom : 0);
              return isAbsent
                  ? it.with(WorkerRow.ABSENCE, WorkerStatus.SUSPECT)
                      .with(WorkerRow.ABSENT_SINCE, tick)
                  : it;
            });
    journal.touchAllOn(position);
    return row;
  }

  private List<String> violations(Command.Away said, WorkerRow known) {
    List<String> wrong = new ArrayList<>();
    long until = said.until().value();
    long last = SaturatedSum.of(tick, Command.Bounds.AWAY_TICKS);
    if (until <= tick || until > last) {
      wrong.add(
          "until is tick "
              + until
              + "; a tick after "
              + tick
              + ", at most "
              + last
              + ", is"
              + " accepted");
    }
    if (said.leastCopies() < 1) {
      wrong.add("least_copies is " + said.leastCopies() + "; at least 1 is accepted");
    }
    if (known.isDeparted() || !known.isRegistered()) {
      String why = known.isDeparted() ? " has departed" : " has not registered";
      wrong.add(known.id() + why + "; only a worker in service can go and come back");
    }
    return wrong;
  }

  private static String named(List<ChunkKey> never, Command.Away said) {
    String first =
        never.stream().limit(MOST_NAMES).map(ChunkKey::toString).collect(Collectors.joining(", "));
    int more = never.size() - MOST_NAMES;
    String count = never.size() == 1 ? "1 chunk" : never.size() + " chunks";
    String copies = said.leastCopies() == 1 ? "1 copy" : said.leastCopies() + " copies";
    String rest = more > 0 ? " and " + more + " more" : "";
    return count + " can never have " + copies + " elsewhere: " + first + rest;
  }

  /** Returns the live chunks on a worker for which fewer other workers than copies can be found. */
  private List<ChunkKey> withoutCopies(int worker, int copies) {
    Map<Eligibility, Takers> takers = new HashMap<>();
    WishIndex wishes = new WishIndex(tables.fleet.wishes());
    List<ChunkKey> never = new ArrayList<>();
    for (int slot = tables.workers.firstReplica(worker);
        slot != ReplicaTable.NONE;
        slot = tables.replicas.nextOfWorker(slot)) {
      int chunk = tables.replicas.chunk(slot);
      if (tables.chunks.isLive(chunk) && tables.replicas.isAssigned(slot)) {
        Takers of =
            takers.computeIfAbsent(tables.rules.eligibility(chunk), it -> new Takers(worker, it));
        if (of.most(chunk, wishes) < copies) {
          never.add(tables.chunks.facts.key(chunk));
        }
      }
    }
    never.sort(null);
    return never;
  }

  /** The other workers that may be given chunks of one eligibility, now or later, room aside. */
  private final class Takers {
    private final int without;
    private final Eligibility eligibility;
    private final Map<WorkerId, WorkerRow> all = new HashMap<>();
    private final int inDomains;

    Takers(int without, Eligibility eligibility) {
      this.without = without;
      this.eligibility = eligibility;
      for (int position : tables.workers.order()) {
        WorkerRow entry = tables.workers.entry(position);
        if (isTaker(entry)) {
          all.put(entry.id(), entry);
        }
      }
      inDomains = inDomains();
    }

    private boolean stays(WorkerRow entry) {
      return entry.position() != without
          && entry.isRegistered()
          && !entry.isDeparted()
          && !entry.mayStop();
    }

    private boolean isTaker(WorkerRow entry) {
      return stays(entry)
          && entry.description().status() == WorkerStatus.ACTIVE
          && eligibility.admits(entry.description());
    }

    private int inDomains() {
      int least = all.size();
      for (Map.Entry<Integer, Integer> limit :
          tables.fleet.config().placement().maxPerDomain().entrySet()) {
        Map<String, Integer> in = new HashMap<>();
        all.values()
            .forEach(
                entry -> in.merge(entry.description().domain(limit.getKey()), 1, Integer::sum));
        int most = in.values().stream().mapToInt(it -> Math.min(it, limit.getValue())).sum();
        least = Math.min(least, most);
      }
      return least;
    }

    /** Returns the most copies of a chunk that these workers and its holders can have. */
    int most(int chunk, WishIndex wishes) {
      int[] takers = {all.size()};
      wishes.forEach(
          tables.chunks.facts.key(chunk),
          wish -> {
            int banned = tables.workers.find(wish.worker());
            boolean isBan = wish.kind() == PlacementWish.Kind.BAN && all.containsKey(wish.worker());
            boolean holds =
                isBan && tables.replicas.find(chunk, banned, tables.chunks) != ReplicaTable.NONE;
            takers[0] -= isBan && !holds ? 1 : 0;
          });
      int holders = 0;
      for (int slot = tables.chunks.firstReplica(chunk);
          slot != ReplicaTable.NONE;
          slot = tables.replicas.next(slot)) {
        WorkerRow holder = tables.workers.entry(tables.replicas.worker(slot));
        holders += stays(holder) && !isTaker(holder) ? 1 : 0;
      }
      return Math.min(takers[0], inDomains) + holders;
    }
  }
}
