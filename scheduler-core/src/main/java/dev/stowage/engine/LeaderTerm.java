package dev.stowage.engine;

import dev.stowage.StowageConfig;
import dev.stowage.StowageListener.LineageBegun;
import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.engine.flight.Span;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.model.Tick;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.store.FleetView;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.StoreSession;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * One term of leading, from the grant of the lease until it is lost or given back. Owns what ends
 * with it: the session at the store, the mirror of the fleet with its lifecycle and published view,
 * the evidence that is told of it, and the notes of those who follow its changes. The mirror is a
 * cache of the store. After a failure that may have torn it, or may have passed it by, it is stale,
 * and the next reader loads it anew.
 *
 * <p>Three others work on it: {@link CommitRun} alone changes it, for {@link CommandGroups} and
 * {@link CycleRunner}. Guarded by the engine's lock.
 */
public final class LeaderTerm {
  /** The smallest id of a transfer. */
  public static final long FIRST_TRANSFER = 1L << 62;

  final FleetStore store;
  final StoreSession session;
  final StepAudit audit;
  final FleetBook book;
  final PartRecordings parts;
  final LeaderTime time;
  final NewestChanges newest = new NewestChanges();
  final CommitRun commits = new CommitRun(this);
  final CommandGroups groups = new CommandGroups(this);
  final CycleRunner cycles;

  /**
   * Gives up the engine's lock for some work, which must not touch the mirror. Throws {@code
   * StowageException} if the leadership ended meanwhile.
   */
  final Consumer<Runnable> outsideLock;

  private final Dependencies given;
  private final List<WeakReference<ChangeNotes>> watches = new ArrayList<>();

  /** The position of the store's log as this leader loaded the fleet. */
  private final Optional<String> keptPosition;

  private EngineRecording recording;
  private LifecycleState mirror;
  private Lifecycle lifecycle;
  private long transferIds;
  private boolean isStale;
  private volatile FleetView view;

  LeaderTerm(
      Dependencies given,
      PartRecordings parts,
      FleetBook book,
      StoreSession session,
      Consumer<Runnable> outsideLock,
      Supplier<List<Command<?>>> waiting) {
    this.outsideLock = outsideLock;
    this.parts = parts;
    this.book = book;
    this.given = given;
    this.store = given.store();
    this.session = session;
    this.lifecycle = new Lifecycle(given.planner());
    this.time = new LeaderTime(store, config());
    this.audit = new StepAudit(config().audit());
    this.cycles = new CycleRunner(this, waiting);
    LoadedFleet loaded = load();
    if (loaded.state().isEmpty()) {
      loaded = session.found(config().fleet());
    }
    this.mirror = StoreTerms.mirrorOf(loaded);
    this.keptPosition = loaded.logPosition();
    lifecycle.loaded(mirror);
    this.recording = openRecording(loaded);
    recordTick(loaded);
    this.view = new FleetView(mirror);
    book.leads(mirror);
    commits.attempt(recording::tellWhatItTakes);
  }

  private LoadedFleet load() {
    Span span = Span.begin(Stage.LOAD);
    try {
      return session.load();
    } finally {
      book.end(span);
    }
  }

  // A fleet without evidence had no commits since it began.
  private EngineRecording openRecording(LoadedFleet loaded) {
    EngineRecording opened =
        new EngineRecording(
            loaded.evidenceHead(), given, book.log()::failed, parts, session.lease().epoch());
    if (loaded.evidenceHead().isEmpty()) {
      opened.stage(new EngineRecords.Founded(mirror.lineage(), mirror.config()));
      opened.keep();
    }
    return opened;
  }

  // Cycles that changed nothing left only their tick, without evidence.
  private void recordTick(LoadedFleet loaded) {
    if (mirror.largestTick().compareTo(loaded.committedTick()) > 0) {
      recording.stage(new EngineRecords.Seen(mirror.largestTick()));
      recording.keep();
    }
  }

  private void reload() {
    LoadedFleet loaded = load();
    mirror = StoreTerms.mirrorOf(loaded);
    lifecycle = new Lifecycle(given.planner());
    lifecycle.loaded(mirror);
    if (!recording.resumesAt(loaded.evidenceHead())) {
      recording.hand(book.log()::failed);
      recording = openRecording(loaded);
    }
    recordTick(loaded);
    cycles.lookForOffers();
    newest.become(new NewestChanges());
    watchers().forEach(ChangeNotes::noteEverything);
    audit.forget();
    view = new FleetView(mirror);
    book.loaded(mirror);
    isStale = false;
  }

  void settleLineage(Tick tick) {
    if (!mirror.lineage().equals(session.lease().lineage())) {
      FleetRow before = mirror.fleetRow();
      execute(new LeaderCommand.BeginLineage(session.lease().lineage()), tick);
      book.log().lineage(lineageBegun(before));
    }
  }

  private LineageBegun lineageBegun(FleetRow before) {
    int[] owed = new int[1];
    mirror.forEachWorker(worker -> owed[0] += mirror.owesInventory(worker) ? 1 : 0);
    FleetRow.Time time = before.time();
    return new LineageBegun(
        before.lineage(),
        mirror.lineage(),
        "the store may have lost commits: its server is another one, or fell back",
        Tick.of(before.largestTick()),
        time.isRead() ? OptionalLong.of(time.clockNanos()) : OptionalLong.empty(),
        keptPosition,
        Tick.of(mirror.fleetRow().deleteFromTick()),
        owed[0]);
  }

  public <R extends Result> R execute(Command<R> command, Tick tick) {
    Optional<R> refused = refusal(command, tick);
    if (refused.isPresent()) {
      return refused.get();
    }
    if (command instanceof LeaderCommand.Schedule cycle) {
      return CommandKind.kindOf(command).answer(cycles.schedule(cycle, VictimScores.NONE, tick));
    }
    if (command instanceof LeaderCommand.Purge purge) {
      return CommandKind.kindOf(command).answer(cycles.purge(purge, tick));
    }
    Span span = Span.begin(Stage.COMMAND).of(CommandKind.kindOf(command).toString(), tick.value());
    try {
      if (CommandKind.isOfACycle(command)) {
        cycles.warmUp(cycles.standingAdvice(), time.counted(mirror(), tick));
      }
      R result = commits.transact(() -> cycles.withQueuedReports(command, tick), null, tick);
      span.answered(result.code().name());
      return result;
    } finally {
      book.end(span);
    }
  }

  // Too large for evidence: answered and not recorded.
  <R extends Result> Optional<R> refusal(Command<R> command, Tick tick) {
    Optional<R> refused = Lifecycle.refusal(mirror(), command);
    refused.ifPresent(answer -> book.executed(tick, command, answer, mirror));
    return refused;
  }

  /** Returns a kept value; throws {@link StorageException.Corrupt} if its bytes are unreadable. */
  public <T> T kept(KeptValue<T> value) {
    try {
      return mirror().kept(value);
    } catch (IllegalArgumentException unreadable) {
      throw new StorageException.Corrupt(String.valueOf(unreadable.getMessage()), unreadable);
    }
  }

  /** Keeps a value with the next commit. */
  public <T> Result.Answer keep(KeptValue<T> value, T now, Tick tick) {
    return execute(new LeaderCommand.Keep(value.with(now)), tick);
  }

  public void stageMoves(RebalancePass pass) {
    EngineRecords.Moved.of(pass).forEach(recording::stage);
  }

  /** Writes what parts said, before there is no room for more. */
  public void writeParts() {
    if (!parts.haveRoom()) {
      var unused = commits.decideLog(mirror().largestTick());
    }
  }

  // Repeats after 2^22 epochs, or 2^40 transfers of one; a late answer must not end another
  // transfer.
  public long nextTransferId() {
    long epoch = session.lease().epoch() & (1L << 22) - 1;
    long number = transferIds++ & (1L << 40) - 1;
    return FIRST_TRANSFER | epoch << 40 | number;
  }

  String holder() {
    String named = named(session.lease().holder());
    return named.isEmpty() ? "the leader" : named;
  }

  // A drawn name tells nobody anything, and would make equal runs differ.
  static String named(String holder) {
    return holder.startsWith("stowage-") ? "" : holder;
  }

  /** Returns the mirror, loaded anew if it was stale. */
  public LifecycleState mirror() {
    if (isStale) {
      reload();
    }
    return mirror;
  }

  /** Returns the mirror as it is, even if it is stale. */
  LifecycleState known() {
    return mirror;
  }

  boolean isStale() {
    return isStale;
  }

  void becomeStale() {
    isStale = true;
  }

  // Mirror and recording may be half of something.
  void distrust() {
    recording.drop();
    audit.forget();
    isStale = true;
  }

  /** Runs some work; an error may have come anywhere in it, and the mirror is not used after it. */
  <T> T distrustingErrors(Function<LeaderTerm, T> work) {
    try {
      return work.apply(this);
    } catch (Error e) {
      distrust();
      throw e;
    }
  }

  /** Shows readers the mirror, which is what the store has. */
  void show() {
    view = new FleetView(mirror);
  }

  // A reader may hold this view until the commit returns: the routes that the commit ends are valid
  // no longer than the windows that it begins.
  void showPublishing(Tick tick) {
    view = view.publishing(tick);
  }

  /** Trusts the mirror again, in which everything was undone that the store does not have. */
  void restored() {
    mirror.settle();
    show();
    isStale = false;
  }

  /** Tells those who follow the mirror what a command changed in it; it may be undone yet. */
  void changed(Command<?> command, ChangeSet changes, Tick tick) {
    if (!changes.isEmpty()) {
      newest.note(command, tick);
    }
    book.changed(command, changes, mirror);
    watchers().forEach(it -> it.note(command, changes));
  }

  public ChangeNotes watch() {
    watches.removeIf(it -> it.get() == null);
    ChangeNotes another = new ChangeNotes(true);
    watches.add(new WeakReference<>(another));
    return another;
  }

  private Stream<ChangeNotes> watchers() {
    return watches.stream().map(WeakReference::get).filter(Objects::nonNull);
  }

  StowageConfig config() {
    return given.config();
  }

  public LeaderTime time() {
    return time;
  }

  public CycleRunner cycles() {
    return cycles;
  }

  public Foresight foresight() {
    return new Foresight(this);
  }

  public Lifecycle lifecycle() {
    return lifecycle;
  }

  EngineRecording recording() {
    return recording;
  }

  public FleetView view() {
    return view;
  }
}
