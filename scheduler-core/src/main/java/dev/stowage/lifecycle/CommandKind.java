package dev.stowage.lifecycle;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.evidence.canonical.CanonicalSize;
import dev.stowage.lifecycle.planning.Planning;
import dev.stowage.lifecycle.rows.FleetRow;
import dev.stowage.lifecycle.rows.WorkerRow.PendingReport;
import dev.stowage.lifecycle.state.Journal;
import dev.stowage.lifecycle.steps.Absence;
import dev.stowage.lifecycle.steps.Admission;
import dev.stowage.lifecycle.steps.FleetCommands;
import dev.stowage.lifecycle.steps.Purge;
import dev.stowage.lifecycle.steps.Removal;
import dev.stowage.lifecycle.steps.Replacement;
import dev.stowage.lifecycle.steps.Reports;
import dev.stowage.lifecycle.steps.SchedulingCycle;
import dev.stowage.lifecycle.steps.SettingAside;
import dev.stowage.lifecycle.steps.SignsOfLife;
import dev.stowage.lifecycle.steps.SwapRegistration;
import dev.stowage.lifecycle.steps.TimeReset;
import dev.stowage.lifecycle.steps.VisibilityCycle;
import dev.stowage.lifecycle.steps.WorkerCommands;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A kind of command: the row that declares who gives its commands, what they are about, what a
 * refusal answers, and the step that applies them. A new command is a record {@code C} in {@link
 * Command} and a row behind the last, whose place is its number; {@code R} is its answer. Methods
 * throw {@link ClassCastException} for commands or answers of other kinds.
 */
public final class CommandKind<C extends Command<R>, R extends Result> {
  private static final Map<Class<?>, CommandKind<?, ?>> ROWS = new LinkedHashMap<>();

  /** {@link Command.Configure}. */
  public static final CommandKind<Command.Configure, Result.Versioned> CONFIGURE =
      row(
          Giver.OPERATOR,
          Command.Configure.class,
          Answers.CONFIG_VERSION,
          Reach.fleet(),
          (at, it) -> at.fleet().configure(it.expectedVersion(), it.config()));

  /** {@link Command.Ingest}. */
  public static final CommandKind<Command.Ingest, Result.Batch> INGEST =
      row(
          Giver.INGESTER,
          Command.Ingest.class,
          Answers.BATCH,
          Reach.chunks(Command.Ingest::chunks),
          (at, it) -> at.admission().ingest(it.chunks()));

  /** {@link Command.Offer}. */
  public static final CommandKind<Command.Offer, Result.Batch> OFFER =
      row(
          Giver.INGESTER,
          Command.Offer.class,
          Answers.BATCH,
          Reach.chunks(Command.Offer::chunks),
          (at, it) -> at.admission().offer(it.chunks(), at.tick()));

  /** {@link Command.RegisterSwap}. */
  public static final CommandKind<Command.RegisterSwap, Result.SwapRegistered> REGISTER_SWAP =
      row(
          Giver.OPERATOR,
          Command.RegisterSwap.class,
          Answers.SWAP_REGISTERED,
          Reach.swap(),
          (at, it) -> new SwapRegistration(at.journal(), it).register());

  /** {@link Command.CancelSwap}. */
  public static final CommandKind<Command.CancelSwap, Result.SwapCancelled> CANCEL_SWAP =
      row(
          Giver.OPERATOR,
          Command.CancelSwap.class,
          Answers.SWAP_CANCELLED,
          Reach.fleet(),
          (at, it) -> at.removal().cancel(it.swapId()));

  /** {@link Command.Remove}. */
  public static final CommandKind<Command.Remove, Result.Answer> REMOVE =
      row(
          Giver.OPERATOR,
          Command.Remove.class,
          Answers.ANSWER,
          Reach.chunk(Command.Remove::chunk),
          (at, it) -> at.removal().remove(it.chunk()));

  /** {@link Command.Register}. */
  public static final CommandKind<Command.Register, Result.Registered> REGISTER =
      row(
          Giver.WORKER,
          Command.Register.class,
          Answers.REGISTERED,
          Reach.worker(Command.Register::worker, SignsOfLife::isOfKnownDisk),
          (at, it) -> at.workers().register(it.worker(), it.diskId()));

  /** {@link Command.Heartbeat}. */
  public static final CommandKind<Command.Heartbeat, Result.Answer> HEARTBEAT =
      row(
          Giver.WORKER,
          Command.Heartbeat.class,
          Answers.ANSWER,
          Reach.report((life, it) -> life.heartbeat(it.header()) == null),
          (at, it) -> at.reports().heartbeat(it.header(), it.pressure()));

  /** {@link Command.Applied}. */
  public static final CommandKind<Command.Applied, Result.Answer> APPLIED =
      row(
          Giver.WORKER,
          Command.Applied.class,
          Answers.ANSWER,
          Reach.report((life, it) -> life.applied(it.header(), it.id().value()) == null),
          (at, it) -> at.reports().applied(it.header(), it.id().value(), it.missing()));

  /** {@link Command.Lost}. */
  public static final CommandKind<Command.Lost, Result.Answer> LOST =
      row(
          Giver.WORKER,
          Command.Lost.class,
          Answers.ANSWER,
          Reach.report((life, it) -> life.disk(it.header(), PendingReport.Kind.LOST) == null),
          (at, it) -> at.reports().lost(it.header(), it.chunks()));

  /** {@link Command.Inventory}. */
  public static final CommandKind<Command.Inventory, Result.Answer> INVENTORY =
      row(
          Giver.WORKER,
          Command.Inventory.class,
          Answers.ANSWER,
          Reach.report((life, it) -> life.disk(it.header(), PendingReport.Kind.INVENTORY) == null),
          (at, it) -> at.reports().inventory(it.header(), it.chunks()));

  /** {@link Command.Describe}. */
  public static final CommandKind<Command.Describe, Result.Answer> DESCRIBE =
      row(
          Giver.OPERATOR,
          Command.Describe.class,
          Answers.ANSWER,
          Reach.worker(Command.Describe::worker),
          (at, it) -> at.workers().describe(it));

  /** {@link Command.SetStatus}. */
  public static final CommandKind<Command.SetStatus, Result.Answer> SET_STATUS =
      row(
          Giver.OPERATOR,
          Command.SetStatus.class,
          Answers.ANSWER,
          Reach.worker(Command.SetStatus::worker),
          (at, it) -> at.workers().setStatus(it.worker(), it.status()));

  /** {@link Command.Wish}. */
  public static final CommandKind<Command.Wish, Result.Versioned> WISH =
      row(
          Giver.OPERATOR,
          Command.Wish.class,
          Answers.WISHES_VERSION,
          Reach.fleet(),
          (at, it) -> at.fleet().wish(it.wish(), it.expectedVersion()));

  /** {@link Command.Unwish}. */
  public static final CommandKind<Command.Unwish, Result.Versioned> UNWISH =
      row(
          Giver.OPERATOR,
          Command.Unwish.class,
          Answers.WISHES_VERSION,
          Reach.fleet(),
          (at, it) -> at.fleet().unwish(it.wish(), it.expectedVersion()));

  /** {@link Command.Freeze}. */
  public static final CommandKind<Command.Freeze, Result.Versioned> FREEZE =
      row(
          Giver.OPERATOR,
          Command.Freeze.class,
          Answers.WISHES_VERSION,
          Reach.fleet(),
          (at, it) -> at.fleet().freeze(it.expectedVersion()));

  /** {@link Command.Unfreeze}. */
  public static final CommandKind<Command.Unfreeze, Result.Versioned> UNFREEZE =
      row(
          Giver.OPERATOR,
          Command.Unfreeze.class,
          Answers.WISHES_VERSION,
          Reach.fleet(),
          (at, it) -> at.fleet().unfreeze(it.expectedVersion()));

  /** {@link LeaderCommand.BeginLineage}. */
  public static final CommandKind<LeaderCommand.BeginLineage, Result.Answer> BEGIN_LINEAGE =
      row(
          Giver.LEADER,
          LeaderCommand.BeginLineage.class,
          Answers.ANSWER,
          Reach.fleet(),
          (at, it) -> at.fleet().beginLineage(it.lineage()));

  /** {@link LeaderCommand.Admit}. */
  public static final CommandKind<LeaderCommand.Admit, Result.Admitted> ADMIT =
      row(
          Giver.CYCLE,
          LeaderCommand.Admit.class,
          Answers.ADMITTED,
          Reach.fleet(),
          (at, it) -> at.admission().admit(at.now()));

  /** {@link LeaderCommand.Schedule}. */
  public static final CommandKind<LeaderCommand.Schedule, Result.Scheduled> SCHEDULE =
      row(
          Giver.CYCLE,
          LeaderCommand.Schedule.class,
          Answers.SCHEDULED,
          Reach.fleet(),
          (at, it) ->
              new SchedulingCycle(at.journal(), at.now(), at.planning(), it.waiting())
                  .run(it.advice()));

  /** {@link LeaderCommand.Publish}. */
  public static final CommandKind<LeaderCommand.Publish, Result.Published> PUBLISH =
      row(
          Giver.CYCLE,
          LeaderCommand.Publish.class,
          Answers.PUBLISHED,
          Reach.fleet(),
          (at, it) -> new VisibilityCycle(at.journal(), at.now(), it).run());

  /** {@link LeaderCommand.Purge}. */
  public static final CommandKind<LeaderCommand.Purge, Result.Purged> PURGE =
      row(
          Giver.CYCLE,
          LeaderCommand.Purge.class,
          Answers.PURGED,
          Reach.fleet(),
          (at, it) -> new Purge(at.journal(), at.now()).run());

  /** {@link LeaderCommand.Keep}. */
  public static final CommandKind<LeaderCommand.Keep, Result.Answer> KEEP =
      row(
          Giver.OPERATOR,
          LeaderCommand.Keep.class,
          Answers.ANSWER,
          Reach.fleet(),
          (at, it) -> at.fleet().keep(it.annex()));

  /** {@link Command.InventoryPart}. */
  public static final CommandKind<Command.InventoryPart, Result.Answer> INVENTORY_PART =
      row(
          Giver.WORKER,
          Command.InventoryPart.class,
          Answers.ANSWER,
          Reach.report((life, it) -> life.part(it) == null),
          (at, it) -> at.reports().part(it));

  /** {@link Command.ResetTime}. */
  public static final CommandKind<Command.ResetTime, Result.Answer> RESET_TIME =
      row(
          Giver.LEADER,
          Command.ResetTime.class,
          Answers.ANSWER,
          Reach.fleet(),
          (at, it) -> new TimeReset(at.journal()).reset(it.now().value()));

  /** {@link Command.ConfirmDepartures}. */
  public static final CommandKind<Command.ConfirmDepartures, Result.Answer> CONFIRM_DEPARTURES =
      row(
          Giver.LEADER,
          Command.ConfirmDepartures.class,
          Answers.ANSWER,
          Reach.fleet(),
          (at, it) -> new TimeReset(at.journal()).confirm(it.workers()));

  /** {@link LeaderCommand.SetAside}. */
  public static final CommandKind<LeaderCommand.SetAside, Result.Answer> SET_ASIDE =
      row(
          Giver.LEADER,
          LeaderCommand.SetAside.class,
          Answers.ANSWER,
          Reach.fleet(),
          (at, it) -> new SettingAside(at.journal(), at.tick()).setAside(it));

  /** {@link Command.Away}. */
  public static final CommandKind<Command.Away, Result.Answer> AWAY =
      row(
          Giver.LEADER,
          Command.Away.class,
          Answers.ANSWER,
          Reach.fleet(),
          (at, it) -> new Absence(at.journal(), at.tick()).announce(it));

  /** {@link Command.Replace}. */
  public static final CommandKind<Command.Replace, Result.Answer> REPLACE =
      row(
          Giver.LEADER,
          Command.Replace.class,
          Answers.ANSWER,
          Reach.fleet(),
          (at, it) -> new Replacement(at.journal()).begin(it));

  /** {@link Command.CarryOut}, whose parts the leader applies. */
  public static final CommandKind<Command.CarryOut, Result.CarriedOut> CARRY_OUT =
      row(
          Giver.OPERATOR,
          Command.CarryOut.class,
          CarryOutShape.SHAPE,
          Answers.CARRIED_OUT,
          Reach.fleet(),
          (at, it) ->
              new Result.CarriedOut(
                  ResultCode.INVALID,
                  "",
                  List.of(),
                  List.of("its commands are applied by a leader, one by one")));

  /** Every kind, by ascending number. */
  public static final List<CommandKind<?, ?>> ALL = List.copyOf(ROWS.values());

  /** The writers that give the commands of a kind. */
  public enum Giver {
    /** Ingesters propose chunks. */
    INGESTER,
    /** Workers register and report. */
    WORKER,
    /** The host, through any process. */
    OPERATOR,
    /** The host, or the leader itself, through the lease holder alone. */
    LEADER,
    /** The lease holder at its cycles, never far ahead of the known time. */
    CYCLE
  }

  /** The state that a decision depends on, and thereby the writers it excludes. */
  public enum Concern {
    /** Ranges of datasets. */
    DATASETS,
    /** One worker. */
    WORKER,
    /** Counters, versions or wishes of the fleet, or everything. */
    FLEET
  }

  private final int number;
  private final Giver giver;
  private final Class<C> command;
  private final Shape<C> shape;
  private final Answers<? super C, R> answers;
  private final Reach<C> reach;
  private final Step<C, R> step;

  private CommandKind(
      int number,
      Giver giver,
      Class<C> command,
      Shape<C> shape,
      Answers<? super C, R> answers,
      Reach<C> reach,
      Step<C, R> step) {
    this.number = number;
    this.giver = giver;
    this.command = command;
    this.shape = shape;
    this.answers = answers;
    this.reach = reach;
    this.step = step;
  }

  private static <C extends Command<R>, R extends Result> CommandKind<C, R> row(
      Giver giver,
      Class<C> command,
      Answers<? super C, R> answers,
      Reach<C> reach,
      Step<C, R> step) {
    return row(giver, command, Shape.of(command), answers, reach, step);
  }

  private static <C extends Command<R>, R extends Result> CommandKind<C, R> row(
      Giver giver,
      Class<C> command,
      Shape<C> shape,
      Answers<? super C, R> answers,
      Reach<C> reach,
      Step<C, R> step) {
    int number = ROWS.size() + 1;
    CommandKind<C, R> row = new CommandKind<>(number, giver, command, shape, answers, reach, step);
    ROWS.put(command, row);
    return row;
  }

  /** Applies a command to the state of a journal. */
  private interface Step<C, R> {
    R apply(Turn at, C command);
  }

  /** The state in which a command is applied, and the tick of its execution. */
  record Turn(Journal journal, Planning planning, long now) {
    /** Returns a tick that is never before that of an earlier cycle. */
    private long tick() {
      return Math.max(now, journal.tables.fleet.largestTick());
    }

    private Admission admission() {
      return new Admission(journal);
    }

    private Removal removal() {
      return new Removal(journal);
    }

    private Reports reports() {
      return new Reports(journal);
    }

    private WorkerCommands workers() {
      return new WorkerCommands(journal, tick());
    }

    private FleetCommands fleet() {
      return new FleetCommands(journal, tick());
    }
  }

  /** Reports whether a command is decided, as a cycle is, only while no plan is under way. */
  public static boolean isOfACycle(Command<?> it) {
    return it instanceof Command.CarryOut all
        && (!all.planHash().isEmpty()
            || all.commands().stream().anyMatch(each -> kindOf(each).isLeadersOwn()));
  }

  /** Reports whether the set-aside news is or may be a report: its worker owes an inventory. */
  public static boolean isReport(LeaderCommand.SetAside it) {
    return it.about() == 0
        || ALL.stream()
            .filter(kind -> kind.giver == Giver.WORKER)
            .anyMatch(kind -> kind.number == it.about());
  }

  /** Returns the kind of a command. */
  @SuppressWarnings("unchecked") // row() binds a command's class to its own answer
  public static <R extends Result> CommandKind<?, R> kindOf(Command<R> it) {
    return (CommandKind<?, R>)
        Objects.requireNonNull(ROWS.get(it.getClass()), "a command without a row in CommandKind");
  }

  /** Returns the kind with a name, the simple name of its class of commands; empty if unknown. */
  public static Optional<CommandKind<?, ?>> named(String name) {
    for (CommandKind<?, ?> kind : ALL) {
      if (kind.toString().equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /** Returns the number of this kind in stored commands, a byte of at least 1. */
  public int number() {
    return number;
  }

  /** Reports whether its commands are deeds, which evidence keeps longer than others. */
  public boolean isDeed() {
    boolean isGiven = giver == Giver.OPERATOR || giver == Giver.LEADER;
    return isGiven && !List.of(BEGIN_LINEAGE, KEEP, SET_ASIDE).contains(this);
  }

  /** Returns who gives its commands. */
  public Giver giver() {
    return giver;
  }

  /** Reports whether only the lease holder decides it: cycles, retention and lineages. */
  public boolean isLeadersOwn() {
    return giver == Giver.LEADER || giver == Giver.CYCLE;
  }

  /** Returns the state that its decision depends on. */
  public Concern concern() {
    return reach.concern();
  }

  /** Returns the chunks of a command, in its order; none for a leader's own command. */
  public List<ChunkKey> chunks(Command<?> it) {
    return reach.chunks().apply(of(it));
  }

  /** Returns the worker of a command; empty for a leader's own command. */
  public Optional<WorkerId> worker(Command<?> it) {
    return reach.worker().apply(of(it));
  }

  /** Casts a command of this kind. */
  public C of(Command<?> it) {
    return command.cast(it);
  }

  /** Casts an answer to a command of this kind. */
  public R answer(Result it) {
    return answers.type().cast(it);
  }

  /** Reports whether a result is an answer to commands of this kind. */
  public boolean isAnswer(Result it) {
    return answers.type().isInstance(it);
  }

  /** Returns the answer to a command that is refused because of {@code why}. */
  R refused(FleetRow fleet, Command<?> it, Result.Answer why) {
    return answers.refused().of(fleet, of(it), why);
  }

  /** Reports whether the command would show that its worker lives if it were applied now. */
  boolean isSignOfLife(SignsOfLife life, Command<?> it) {
    return reach.sign().test(life, of(it));
  }

  /** Applies a command. */
  R apply(Turn at, Command<?> it) {
    return step.apply(at, of(it));
  }

  /** Returns the fields of the commands of this kind. */
  public Shape<C> shape() {
    return shape;
  }

  /** Returns the fields that exceed {@link Command.Bounds}. */
  public List<String> oversized(Command<?> it) {
    return shape.oversized(of(it));
  }

  /** Returns the violations of a command that do not depend on the state. */
  public List<String> violations(Command<?> it) {
    return shape.violations(of(it));
  }

  /** Returns the fields of a command that are not at their defaults, as text. */
  public String text(Command<?> it) {
    return shape.text(of(it));
  }

  /** Writes the fields of a command. */
  public void write(Command<?> it, Sink to) {
    shape.write(of(it), to);
  }

  /** Returns the canonical bytes of the fields of a command. */
  public long bytes(Command<?> it) {
    return CanonicalSize.of(shape, of(it));
  }

  @Override
  public String toString() {
    return command.getSimpleName();
  }
}
