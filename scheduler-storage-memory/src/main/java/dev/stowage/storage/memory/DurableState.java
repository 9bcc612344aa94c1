package dev.stowage.storage.memory;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.questions.Reading;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.AssignmentIds;
import dev.stowage.store.Commit;
import dev.stowage.store.FleetView;
import dev.stowage.store.KeptRanges;
import dev.stowage.store.News;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of a fleet, guarded by the server's lock: as the leader's commits left it, and
 * ahead of that with unconsumed news. Other processes are answered from the state ahead.
 *
 * <p>The committed state is the leader's own, as a snapshot. A twin, a second state to which the
 * change sets are applied, is kept if a commit came without a snapshot, or for the check that the
 * change sets are complete.
 */
final class DurableState {
  private static final int MOST_NEWS_AT_ONCE = 256;

  private final Lifecycle lifecycle = new Lifecycle(PlacementPlanner.sticky());
  private final boolean isChecked;
  private LifecycleSnapshot base;
  private @Nullable LifecycleState twin;
  private final List<News.Item> news = new ArrayList<>();
  private final TreeMap<Long, QuarantinedNews> quarantine = new TreeMap<>();
  private @Nullable LifecycleState ahead;
  private final KeptRanges kept = new KeptRanges();

  /** The largest tick in a committed row; cycles that changed nothing left a later one in base. */
  private Tick committedTick;

  private long marks;

  record Waiting(
      Tick committedTick,
      List<News.Item> news,
      SortedMap<Long, QuarantinedNews> quarantine,
      long marks) {}

  private DurableState(LifecycleSnapshot base, boolean isChecked) {
    this.base = base;
    this.isChecked = isChecked;
    committedTick = base.largestTick();
  }

  static DurableState begin(LifecycleConfig config, Lineage lineage, boolean isChecked) {
    return new DurableState(LifecycleState.empty(config, lineage).snapshot(), isChecked);
  }

  static DurableState of(Checkpoint checkpoint, boolean isChecked) {
    DurableState durable = new DurableState(checkpoint.base.get(), isChecked);
    durable.committedTick = checkpoint.waiting.committedTick();
    durable.news.addAll(checkpoint.waiting.news());
    durable.quarantine.putAll(checkpoint.waiting.quarantine());
    durable.marks = checkpoint.waiting.marks();
    return durable;
  }

  LifecycleSnapshot base() {
    return base;
  }

  LifecycleState load() {
    return LifecycleState.load(base.fleetRow(), base.rows(), base.retainedAssignments());
  }

  Tick committedTick() {
    return committedTick;
  }

  Tick largestTick() {
    return base.largestTick();
  }

  /** Keeps the tick of a cycle that changed nothing. */
  void advance(Tick largestTick, long clockNanos) {
    base = base.seen(largestTick, clockNanos);
    LifecycleState second = twin;
    if (second != null) {
      second.seen(largestTick, clockNanos);
    }
    LifecycleState state = ahead;
    if (state != null) {
      state.seen(largestTick, clockNanos);
    }
  }

  Waiting waiting() {
    return new Waiting(committedTick, List.copyOf(news), new TreeMap<>(quarantine), marks);
  }

  SortedMap<Long, QuarantinedNews> quarantine() {
    return quarantine;
  }

  News.Traces traces(long mark) {
    return News.Traces.of(base, ahead(), news, mark);
  }

  int newsCount() {
    return news.size();
  }

  News news() {
    if (news.isEmpty()) {
      return News.NONE;
    }
    int size = Math.min(news.size(), MOST_NEWS_AT_ONCE);
    return new News(List.<News.Piece>copyOf(news.subList(0, size)), size < news.size());
  }

  long digest() {
    return base.digest();
  }

  AssignmentIds ids() {
    return new AssignmentIds(base.newestWorkerAssignment(), base.newestPortalAssignment());
  }

  FleetView view() {
    return FleetView.of(base);
  }

  /** Returns the state with all accepted commands, whether or not the leader knows them. */
  LifecycleView newest() {
    return news.isEmpty() ? base : ahead();
  }

  Reading reading() {
    return Reading.of(base, newest());
  }

  private LifecycleState ahead() {
    LifecycleState state = ahead;
    if (state == null) {
      state = LifecycleState.ahead(base);
      kept.clear();
      for (News.Item item : news) {
        kept.note(item.command(), lifecycle.execute(state, item.command(), item.tick()).changes());
      }
      ahead = state;
    }
    return state;
  }

  Result submit(Command<?> command, Tick now, OptionalLong clockNanos) {
    LifecycleState state = ahead();
    state.reads(clockNanos.orElse(FleetRow.Time.UNREAD), 1);
    Tick counted = Lifecycle.counted(state, now);
    KeptRanges.Decided decided = kept.execute(lifecycle, state, command, counted);
    if (!decided.changes().isEmpty()) {
      kept.note(decided.command(), decided.changes());
      news.add(new News.Item(++marks, counted, decided.command()));
    }
    return decided.result();
  }

  void commit(Commit commit) {
    boolean isAside = !commit.setAside().isEmpty();
    if (!isAside) {
      requireSame(commit);
    }
    List<Commit.Consumed> taken = commit.consumed();
    List<ChangeSet> all = new ArrayList<>();
    taken.forEach(piece -> all.add(piece.changes()));
    all.addAll(commit.changes());
    base = after(commit, all);
    if (all.stream().anyMatch(changes -> changes.fleet().isPresent())) {
      committedTick = base.largestTick();
    }
    if (!taken.isEmpty()) {
      List<Long> marks = taken.stream().map(Commit.Consumed::mark).toList();
      news.removeIf(item -> marks.contains(item.mark()));
    }
    if (news.isEmpty()) {
      kept.clear();
    }
    commit.setAside().forEach(piece -> quarantine.put(piece.mark(), piece));
    // The next reader makes it anew, of the state after this commit and the news that are left.
    ahead = null;
  }

  /**
   * Returns the state after a commit, or throws {@code InvariantViolation} and keeps the former.
   */
  private LifecycleSnapshot after(Commit commit, List<ChangeSet> all) {
    Supplier<LifecycleSnapshot> state = commit.state();
    LifecycleState second = twin;
    if (second == null && (state == null || isChecked)) {
      second = load();
    }
    if (second != null) {
      // A failure leaves it half changed.
      twin = null;
      all.forEach(second::apply);
      requireDigest(commit, "rows have", second.digest());
    }
    LifecycleSnapshot after =
        state != null ? state.get() : Objects.requireNonNull(second).snapshot();
    requireDigest(commit, "snapshot has", after.digest());
    if (isChecked) {
      requireDigest(commit, "rows add up to", Objects.requireNonNull(second).fullDigest());
      requireDigest(commit, "snapshot adds up to", after.fullDigest());
    }
    twin = second;
    return after;
  }

  private static void requireDigest(Commit commit, String whose, long digest) {
    if (digest != commit.digest()) {
      throw new InvariantViolation(
          "backends agree",
          "the "
              + whose
              + " digest "
              + Long.toHexString(digest)
              + ", the mirror "
              + Long.toHexString(commit.digest()));
    }
  }

  /** Checks that the leader's outcome of the news equals the answers given to its writers. */
  private void requireSame(Commit commit) {
    LifecycleState state = ahead;
    int size = commit.consumed().size();
    if (state == null || size == 0 || size != news.size()) {
      return;
    }
    long theirs = commit.consumed().get(size - 1).changes().digestAfter();
    if (theirs != state.digest()) {
      throw new InvariantViolation(
          "backends agree",
          "news led the mirror to digest "
              + Long.toHexString(theirs)
              + ", the store to "
              + Long.toHexString(state.digest()));
    }
  }

  long verify() {
    requireDigest(base.digest());
    return base.digest();
  }

  /** Throws {@code Corrupt} if the rows have another digest than {@code kept}. */
  void requireDigest(long kept) {
    long full = base.fullDigest();
    if (full != kept) {
      throw new StorageException.Corrupt(
          "the rows have digest "
              + Long.toHexString(full)
              + ", the stored digest is "
              + Long.toHexString(kept)
              + "; restore a checkpoint",
          null);
    }
  }
}
