package dev.stowage.engine;

import dev.stowage.StowageListener;
import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.answer.Violation;
import dev.stowage.audit.Audit;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.engine.flight.Span;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.Lifecycle.Outcome;
import dev.stowage.lifecycle.LifecycleState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.model.Tick;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of commands to the disk, and the only one: everything that changes the mirror passes
 * through {@link #commitOne}. Owns the state of the commit under way and the numbers of commits.
 *
 * <p>The protocol is group commit in memory first, with a testable transaction (Gray and Reuter,
 * "Transaction Processing", 1993; Frolund and Guerraoui, "Implementing e-Transactions with
 * asynchronous replication", 2001):
 *
 * <ol>
 *   <li>The records of earlier commits are told to the recorder. No decision without a record.
 *   <li>A store transaction begins. It reads the clock and the news of the log.
 *   <li>News is decided on the mirror, and behind all news the leader's own commands. Each is
 *       journalled, audited, and staged as evidence.
 *   <li>Changes, evidence and digest are committed under the lease and a key of this epoch.
 *   <li>Only then views, listeners and logs hear of it. A failure here goes to {@link
 *       StowageListener#failed}, since it undoes nothing.
 * </ol>
 *
 * <p>A commit that surely did not happen is undone in the journals, the last first. One without an
 * answer is looked up by its key; without an answer to that it is in doubt: the mirror is stale,
 * the next load shows what happened, and nothing is tried again, which might execute it twice.
 * Guarded by the engine's lock.
 */
final class CommitRun {
  private final LeaderTerm term;
  private final Quarantine quarantine = new Quarantine();
  private long sequence;
  private boolean isDeciding;

  // Whether no plan is under way or about to be carried out, so that another one may be made.
  private boolean isBetweenPlans;

  // Whether the log goes on with a request that waits for such a moment.
  private boolean isRequested;

  private boolean isDurable;

  // Whether nobody knows if the last commit happened.
  private boolean isInDoubt;

  CommitRun(LeaderTerm term) {
    this.term = term;
  }

  boolean isDeciding() {
    return isDeciding;
  }

  boolean isInDoubt() {
    return isInDoubt;
  }

  void forgetDoubt() {
    isInDoubt = false;
  }

  boolean isRequested() {
    return isRequested;
  }

  /** Decides what waits in the log, and reports whether anything did. */
  boolean decideLog(Tick tick) {
    boolean[] isAny = new boolean[1];
    transact(turn -> isAny[0] = !turn.done.isEmpty(), false, tick);
    return isAny[0];
  }

  /** Decides the request with which the log goes on, and all behind it, by plans of its own. */
  void decideRequest(Tick tick) {
    isBetweenPlans = true;
    try {
      var unused = decideLog(tick);
    } finally {
      isBetweenPlans = false;
    }
  }

  // Before the lease is given back: writes what parts said, and that nothing more is to come.
  void restParts() {
    if (term.recording().haveParts()) {
      List<Outcome<?>> done = new ArrayList<>();
      commitOne(none -> {}, true, term.mirror().largestTick(), done);
      afterwards(done);
    }
  }

  /** Decides a command, by a plan if there is one, and returns its answer once it is durable. */
  <R extends Result> R transact(
      Supplier<Command<R>> asked, @Nullable CyclePlan planned, Tick tick) {
    List<R> answers = new ArrayList<>();
    transact(
        turn -> {
          answers.clear();
          Command<R> command = asked.get();
          Result answer = turn.answer(command, planned, term.holder());
          answers.add(CommandKind.kindOf(command).answer(answer));
          turn.keepStanding(answer);
        },
        planned != null,
        tick);
    return answers.get(0);
  }

  /**
   * Has a leader's own commands decided behind all news, at the tick of the commit or at others.
   * News that exceeds one transaction gets transactions of its own first.
   */
  void transact(Consumer<Turn> own, boolean isPlanned, Tick tick) {
    boolean isDecided = false;
    RuntimeException refused = null;
    while (!isDecided) {
      if (term.isStale()) {
        reload(isPlanned, refused);
      }
      requireTold();
      List<Outcome<?>> done = new ArrayList<>();
      try {
        isDecided = commitOne(own, false, tick, done);
        // A listener may commit meanwhile.
        List<QuarantinedNews> aside = quarantine.tookIn();
        afterwards(done);
        aside.forEach(term.book::quarantined);
      } catch (Quarantine.Failed | StorageException.Corrupt spoiled) {
        if (isInDoubt) {
          throw spoiled;
        }
        quarantine.tryOnceMore(spoiled);
        refused = spoiled;
        term.becomeStale();
        if (isPlanned) {
          throw new Quarantine.Failed(spoiled);
        }
      }
    }
  }

  // The plan's state is gone: the caller must schedule again. A load that fails tells, too, which
  // commit was refused before it.
  private void reload(boolean isPlanned, @Nullable RuntimeException refused) {
    try {
      term.mirror();
    } catch (StorageException.Corrupt e) {
      if (refused != null) {
        e.addSuppressed(refused);
      }
      throw e;
    }
    if (isPlanned) {
      term.recording().drop();
      throw StoreTerms.reloadedMeanwhile();
    }
  }

  // No decision without a record: refused records are offered again first.
  void requireTold() {
    try {
      term.recording().tell();
    } catch (RuntimeException | Error e) {
      term.recording().drop();
      throw e;
    }
  }

  // Returns whether the leader's own commands were decided, not only news.
  private boolean commitOne(Consumer<Turn> own, boolean isLast, Tick tick, List<Outcome<?>> done) {
    isDurable = false;
    isInDoubt = false;
    boolean isDecided = false;
    StoreTransaction transaction = null;
    isDeciding = true;
    try {
      term.known().hold();
      Span asking = Span.begin(Stage.STORE);
      transaction = term.session.begin();
      AssignmentIds expected = StoreTerms.idsOf(term.known());
      term.time.read(term.known(), transaction);
      News news = transaction.news();
      term.book.end(asking);
      Turn turn = new Turn(tick, done);
      List<Commit.Consumed> consumed = quarantine.takeIn(news, turn);
      int taken = done.size();
      boolean isAlone = quarantine.isAlone();
      isRequested = !isAlone && consumed.size() < news.items().size();
      if (isRequested || (!isAlone && !news.more())) {
        own.accept(turn);
        isDecided = true;
      }
      Span keeping = Span.begin(Stage.STORE);
      keep(
          transaction,
          expected,
          Lifecycle.counted(term.known(), tick),
          consumed,
          changesOf(done.subList(taken, done.size())),
          isLast);
      term.book.end(keeping);
    } catch (RuntimeException | Error e) {
      if (!isDurable) {
        close(transaction, e);
        undo(done, e);
        throw e;
      }
      // An own failure behind the commit: its progress is unknown.
      term.becomeStale();
      term.recording().drop();
      term.book.log().failed(e);
    } finally {
      isDeciding = false;
    }
    if (transaction != null) {
      attempt(transaction::close);
    }
    return isDecided;
  }

  /** Holds the commands that a commit has decided, and the tick at which it goes on. */
  final class Turn {
    private final Tick now;
    private final List<Outcome<?>> done;

    private Turn(Tick now, List<Outcome<?>> done) {
      this.now = now;
      this.done = done;
    }

    Tick now() {
      return now;
    }

    Turn at(Tick other) {
      return new Turn(other, done);
    }

    /**
     * Decides a command, and records it as a deed of {@code by} if it is one that changed a thing.
     */
    Result answer(Command<?> command, @Nullable CyclePlan planned, String by) {
      if (command instanceof Command.CarryOut it) {
        return term.groups.carryOut(it, by, this);
      }
      Outcome<?> outcome = decide(command, planned);
      if (CommandKind.kindOf(command).isDeed() && !isRest(outcome.changes())) {
        stageDeed(command, by, outcome.result().code().name());
      }
      return outcome.result();
    }

    void stageDeed(Command<?> command, String by, String answer) {
      Tick tick = Lifecycle.counted(term.known(), now);
      term.recording().stage(new EngineRecords.Done(tick, by, command, answer));
    }

    /** Decides a command on the mirror, a cycle by its plan, and adds it to what is done. */
    <R extends Result> Outcome<R> decide(Command<R> asked, @Nullable CyclePlan planned) {
      LifecycleState mirror = term.known();
      Optional<R> refused = Lifecycle.refusal(mirror, asked, now);
      if (refused.isPresent()) {
        Outcome<R> nothing = Lifecycle.nothing(mirror, asked, now, refused.get());
        done.add(nothing);
        return nothing;
      }
      Command<R> command = Lifecycle.counted(mirror, asked);
      Tick tick = Lifecycle.counted(mirror, now);
      EngineRecording recording = term.recording();
      term.audit.before(mirror, command);
      recording.stage(
          planned == null
              ? new EngineRecords.Executed(tick, command)
              : new EngineRecords.Applied(tick, command));
      Outcome<R> outcome = term.lifecycle().decide(mirror, command, planned, tick);
      term.changed(command, outcome.changes(), tick);
      if (command instanceof Command.Offer) {
        term.cycles.lookForOffers();
      }
      done.add(outcome);
      recording.stage(EngineRecords.Answered.of(outcome));
      EngineRecords.Emptied.of(mirror, outcome.changes().removedReplicas(), tick)
          .forEach(recording::stage);
      EngineRecords.Ended.of(term.book.takeBack(), outcome.changes().swaps(), tick)
          .forEach(recording::stage);
      List<Violation> found = term.audit.after(mirror, command, outcome);
      if (!found.isEmpty()) {
        // An unchanged plan is remembered, but must not be rested on here.
        term.lifecycle().reconsider();
        term.book.log().hears(it -> it.violated(tick, command, found));
        Audit.require(found);
      }
      return outcome;
    }

    // With the cycle's commit, for readers in other processes. An idle cycle changes none of it.
    void keepStanding(Result result) {
      if (result instanceof Result.Scheduled || result instanceof Result.Published) {
        term.book
            .standing(term.known(), result, term.lifecycle().forecast())
            .ifPresent(
                now -> decide(new LeaderCommand.Keep(KeptValue.LEADER_STANDING.with(now)), null));
      }
    }

    // Returns whether the command may be decided now.
    boolean takes(Command<?> command) {
      // A store may take no more than one cycle in a commit.
      return !CommandKind.isOfACycle(command)
          || (isBetweenPlans
              && done.stream().noneMatch(it -> it.command() instanceof LeaderCommand.Schedule));
    }

    Quarantine.Point here() {
      return new Quarantine.Point(term.recording().head(), done.size(), term.known().largestTick());
    }

    List<ChangeSet> changesSince(Quarantine.Point from) {
      return changesOf(done.subList(from.done(), done.size()));
    }

    void takeBack(Quarantine.Point to) {
      term.recording().dropBehind(to.recorded());
      term.audit.forget();
      CommitRun.this.takeBack(done, to.done());
    }
  }

  private static List<ChangeSet> changesOf(List<Outcome<?>> own) {
    return own.stream().map(Outcome::changes).filter(changes -> !changes.isEmpty()).toList();
  }

  static boolean isRest(ChangeSet changes) {
    return changes.isEmpty() || changes.isTickOnly();
  }

  private void keep(
      StoreTransaction transaction,
      AssignmentIds expected,
      Tick tick,
      List<Commit.Consumed> consumed,
      List<ChangeSet> changes,
      boolean isLast) {
    EngineRecording recording = term.recording();
    boolean isRest = consumed.isEmpty() && !recording.isFull() && !isLast;
    if (isRest && changes.isEmpty()) {
      transaction.verifyLease(expected);
      isDurable = true;
      recording.keep();
    } else if (isRest && changes.stream().allMatch(CommitRun::isRest)) {
      advance(transaction, expected);
      isDurable = true;
      recording.keep();
    } else {
      recording.stageParts(isLast);
      commit(transaction, commitOf(expected, tick, consumed, changes));
      isDurable = true;
      recording.keepDurable();
    }
  }

  private Commit commitOf(
      AssignmentIds expected, Tick tick, List<Commit.Consumed> consumed, List<ChangeSet> changes) {
    return new Commit(
        new CommitKey(term.session.lease().epoch(), ++sequence),
        expected,
        tick,
        consumed,
        changes,
        term.known().digest(),
        term.recording().undurable(),
        term.recording().head(),
        term.known()::snapshot);
  }

  private void commit(StoreTransaction transaction, Commit commit) {
    try {
      transaction.commit(commit);
    } catch (RuntimeException | Error e) {
      if (StoreTerms.isUndone(e)) {
        throw e;
      }
      // The query waits for transactions under way, which this one may still be.
      close(transaction, e);
      if (outcomeOf(commit.key(), e) != CommitOutcome.COMMITTED) {
        throw e;
      }
      if (!(e instanceof StorageException.Transient)) {
        term.book.log().failed(e);
      }
    }
  }

  private void advance(StoreTransaction transaction, AssignmentIds expected) {
    LifecycleState mirror = term.known();
    try {
      transaction.advance(expected, mirror.largestTick(), mirror.fleetRow().time().clockNanos());
    } catch (RuntimeException | Error e) {
      if (!StoreTerms.isUndone(e)) {
        term.becomeStale();
      }
      throw e;
    }
  }

  // A failed query says nothing of the commit: null.
  private @Nullable CommitOutcome outcomeOf(CommitKey key, Throwable unknown) {
    CommitOutcome outcome;
    try {
      outcome = term.store.outcomeOf(key);
    } catch (RuntimeException | Error unanswered) {
      term.becomeStale();
      isInDoubt = true;
      term.recording().doubt();
      unknown.addSuppressed(unanswered);
      return null;
    }
    if (outcome == CommitOutcome.NOT_COMMITTED && unknown instanceof StorageException.Transient) {
      throw new StorageException.Transient(
          "commit " + key + " did not take place", StorageException.Outcome.NOT_COMMITTED, unknown);
    }
    return outcome;
  }

  private static void close(@Nullable StoreTransaction transaction, Throwable why) {
    try {
      if (transaction != null) {
        transaction.close();
      }
    } catch (RuntimeException | Error again) {
      why.addSuppressed(again);
    }
  }

  // In the journal where that is sure, else by the next load.
  private void undo(List<Outcome<?>> done, Throwable why) {
    boolean isSame = !(why instanceof Error || why instanceof StorageException.Corrupt);
    boolean isSure = !term.isStale() && isSame;
    term.distrust();
    if (isSure) {
      rollBack(done, why);
    }
  }

  private void rollBack(List<Outcome<?>> done, Throwable why) {
    try {
      takeBack(done, 0);
      term.restored();
    } catch (RuntimeException | Error again) {
      why.addSuppressed(again);
    }
  }

  private void takeBack(List<Outcome<?>> done, int kept) {
    while (done.size() > kept) {
      term.known().rollback(done.remove(done.size() - 1).changes());
    }
    term.newest.become(new NewestChanges());
    term.book.restored(term.known());
  }

  private void afterwards(List<Outcome<?>> done) {
    term.known().settle();
    attempt(term.recording()::tellWhatItTakes);
    if (term.parts.takeNews()) {
      term.book.log().evidenceDropped(term.parts.dropped());
    }
    try {
      term.show();
    } catch (RuntimeException | Error e) {
      term.becomeStale();
      term.book.log().failed(e);
    }
    for (Outcome<?> it : done) {
      term.book.executed(it.tick(), it.command(), it.result(), term.known());
      if (it.command() instanceof Command.Report report
          && Lifecycle.namesLostHistory(term.known(), report, it.result())) {
        term.book.log().unknownHistory(report.header(), it.result().code());
      }
    }
  }

  /** Does what follows a commit, and so undoes nothing if it fails. */
  void attempt(Runnable afterCommit) {
    try {
      afterCommit.run();
    } catch (RuntimeException | Error e) {
      term.book.log().failed(e);
    }
  }
}
