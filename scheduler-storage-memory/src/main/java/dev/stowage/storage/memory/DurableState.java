package dev.stowage.storage.memory;

import dev.stowage.command.Result;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleSnapshot;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.answering.Reading;
import dev.stowage.lifecycle.rows.AnswerCodec;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.store.CommandId;
import dev.stowage.store.FleetView;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.InboxRoom;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreInbox;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of a fleet, guarded by the store's lock: as the leader's commits left it, and
 * the log of the commands that it has not decided.
 *
 * <p>The committed state is the leader's own, as a snapshot. A twin, a second state to which the
 * change sets are applied, is kept if a commit came without a snapshot, or for the check that the
 * change sets are complete.
 */
final class DurableState {
  private static final int MOST_AT_ONCE = 256;

  private final boolean isChecked;
  private LifecycleSnapshot base;
  private @Nullable LifecycleState twin;
  private final TreeMap<Long, News.Item> log = new TreeMap<>();
  private final Map<CommandId, Long> marksByName = new HashMap<>();
  private final Map<InboxRoom.Place, Long> replaceable = new HashMap<>();
  private final InboxRoom room = new InboxRoom();
  private final Map<CommandId, Result> answers = new LinkedHashMap<>();
  private final TreeMap<Long, QuarantinedNews> quarantine = new TreeMap<>();

  /** The largest tick in a committed row; cycles that changed nothing left a later one in base. */
  private Tick committedTick;

  private long marks;

  record Waiting(
      Tick committedTick,
      List<News.Item> log,
      List<Answered> answers,
      SortedMap<Long, QuarantinedNews> quarantine,
      long marks) {}

  record Answered(CommandId id, Result answer) {}

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
    checkpoint.waiting.log().forEach(durable::put);
    checkpoint.waiting.answers().forEach(each -> durable.answers.put(each.id(), each.answer()));
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
  }

  Waiting waiting() {
    List<Answered> given = new ArrayList<>();
    answers.forEach((id, answer) -> given.add(new Answered(id, answer)));
    return new Waiting(
        committedTick, List.copyOf(log.values()), given, new TreeMap<>(quarantine), marks);
  }

  SortedMap<Long, QuarantinedNews> quarantine() {
    return quarantine;
  }

  News news() {
    List<News.Piece> first =
        log.values().stream().limit(MOST_AT_ONCE).map(News.Piece.class::cast).toList();
    return new News(first, first.size() < log.size());
  }

  private void put(News.Item item) {
    log.put(item.mark(), item);
    marksByName.put(item.id(), item.mark());
    InboxRoom.Place.of(item.command()).ifPresent(it -> replaceable.put(it, item.mark()));
    room.add(item.command());
  }

  private void drop(long mark) {
    News.Item item = Objects.requireNonNull(log.remove(mark));
    marksByName.remove(item.id());
    InboxRoom.Place.of(item.command()).ifPresent(replaceable::remove);
    room.remove(item.command());
  }

  /** Returns the names for which there is no room. */
  Set<CommandId> append(List<StoreInbox.Sent> commands) {
    Set<CommandId> refused = new TreeSet<>();
    for (StoreInbox.Sent each : commands) {
      if (marksByName.containsKey(each.id()) || answers.containsKey(each.id())) {
        continue;
      }
      InboxRoom.Place.of(each.command()).map(replaceable::get).ifPresent(this::drop);
      if (room.hasRoom(each.command())) {
        put(new News.Item(++marks, each.id(), each.command()));
      } else {
        refused.add(each.id());
      }
    }
    return refused;
  }

  Map<CommandId, Result> answers(Collection<CommandId> ids) {
    Map<CommandId, Result> known = new TreeMap<>();
    for (CommandId id : ids) {
      Result answer = answers.get(id);
      if (answer != null) {
        known.put(id, answer);
      }
    }
    return known;
  }

  boolean withdraw(CommandId id) {
    Long mark = marksByName.get(id);
    if (mark == null) {
      return false;
    }
    drop(mark);
    return true;
  }

  long digest() {
    return base.digest();
  }

  AssignmentIds ids() {
    return new AssignmentIds(base.newestWorkerAssignment(), base.newestPortalAssignment());
  }

  FleetView view() {
    return new FleetView(base);
  }

  Reading reading() {
    return Reading.of(base);
  }

  void commit(Commit commit) {
    List<Commit.Consumed> taken = commit.consumed();
    List<ChangeSet> all = new ArrayList<>();
    taken.forEach(piece -> all.addAll(piece.changes()));
    all.addAll(commit.changes());
    base = after(commit, all);
    if (all.stream().anyMatch(changes -> changes.fleet().isPresent())) {
      committedTick = base.largestTick();
    }
    for (Commit.Consumed each : taken) {
      drop(each.mark());
      // As a database gives it back.
      answers.put(each.id(), AnswerCodec.fromBytes(AnswerCodec.toBytes(each.answer())));
    }
    Iterator<CommandId> oldest = answers.keySet().iterator();
    while (answers.size() > StoreInbox.MOST_ANSWERS) {
      oldest.next();
      oldest.remove();
    }
    commit.setAside().forEach(piece -> quarantine.put(piece.mark(), piece));
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
