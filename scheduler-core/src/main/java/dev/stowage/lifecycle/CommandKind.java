package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The table of commands: what holds for every command of a kind, one row a kind. What the packages
 * that execute, write and read commands do with each kind stands in tables of theirs ({@link
 * CommandTable}), which begin with a row for every kind of this one or not at all.
 *
 * <p>A new command is a record in {@link Command}, a row here, and a row in each of these tables.
 *
 * @param <C> the record of a command of this kind
 * @param <R> what answers it
 */
public final class CommandKind<C extends Command<R>, R extends Result> {
  /** {@link Command.Configure}. */
  public static final CommandKind<Command.Configure, Result.Versioned> CONFIGURE =
      anybodys(1, Command.Configure.class, Result.Versioned.class, Reach.fleet());

  /** {@link Command.Ingest}. */
  public static final CommandKind<Command.Ingest, Result.Batch> INGEST =
      anybodys(2, Command.Ingest.class, Result.Batch.class, Reach.chunks(it -> keys(it.chunks())));

  /** {@link Command.Offer}. */
  public static final CommandKind<Command.Offer, Result.Batch> OFFER =
      anybodys(3, Command.Offer.class, Result.Batch.class, Reach.chunks(it -> keys(it.chunks())));

  /** {@link Command.RegisterSwap}. */
  public static final CommandKind<Command.RegisterSwap, Result.SwapRegistered> REGISTER_SWAP =
      anybodys(
          4,
          Command.RegisterSwap.class,
          Result.SwapRegistered.class,
          Reach.swap(Command.RegisterSwap::dataset, CommandKind::bothSides));

  /** {@link Command.CancelSwap}. */
  public static final CommandKind<Command.CancelSwap, Result.SwapCancelled> CANCEL_SWAP =
      anybodys(5, Command.CancelSwap.class, Result.SwapCancelled.class, Reach.everything());

  /** {@link Command.Remove}. */
  public static final CommandKind<Command.Remove, Result.Answer> REMOVE =
      anybodys(
          6, Command.Remove.class, Result.Answer.class, Reach.chunks(it -> List.of(it.chunk())));

  /** {@link Command.Register}. */
  public static final CommandKind<Command.Register, Result.Registered> REGISTER =
      anybodys(
          7,
          Command.Register.class,
          Result.Registered.class,
          Reach.worker(Command.Register::worker));

  /** {@link Command.Heartbeat}. */
  public static final CommandKind<Command.Heartbeat, Result.Answer> HEARTBEAT =
      anybodys(
          8,
          Command.Heartbeat.class,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.Applied}. */
  public static final CommandKind<Command.Applied, Result.Answer> APPLIED =
      anybodys(
          9, Command.Applied.class, Result.Answer.class, Reach.worker(it -> it.header().worker()));

  /** {@link Command.Lost}. */
  public static final CommandKind<Command.Lost, Result.Answer> LOST =
      anybodys(
          10, Command.Lost.class, Result.Answer.class, Reach.worker(it -> it.header().worker()));

  /** {@link Command.Inventory}. */
  public static final CommandKind<Command.Inventory, Result.Answer> INVENTORY =
      anybodys(
          11,
          Command.Inventory.class,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.Describe}. */
  public static final CommandKind<Command.Describe, Result.Answer> DESCRIBE =
      anybodys(
          12, Command.Describe.class, Result.Answer.class, Reach.worker(Command.Describe::worker));

  /** {@link Command.SetStatus}. */
  public static final CommandKind<Command.SetStatus, Result.Answer> SET_STATUS =
      anybodys(
          13,
          Command.SetStatus.class,
          Result.Answer.class,
          Reach.worker(Command.SetStatus::worker));

  /** {@link Command.Wish}. */
  public static final CommandKind<Command.Wish, Result.Versioned> WISH =
      anybodys(14, Command.Wish.class, Result.Versioned.class, Reach.fleet());

  /** {@link Command.Unwish}. */
  public static final CommandKind<Command.Unwish, Result.Versioned> UNWISH =
      anybodys(15, Command.Unwish.class, Result.Versioned.class, Reach.fleet());

  /** {@link Command.Freeze}. */
  public static final CommandKind<Command.Freeze, Result.Versioned> FREEZE =
      anybodys(16, Command.Freeze.class, Result.Versioned.class, Reach.fleet());

  /** {@link Command.Unfreeze}. */
  public static final CommandKind<Command.Unfreeze, Result.Versioned> UNFREEZE =
      anybodys(17, Command.Unfreeze.class, Result.Versioned.class, Reach.fleet());

  /** {@link Command.BeginLineage}. */
  public static final CommandKind<Command.BeginLineage, Result.Answer> BEGIN_LINEAGE =
      leaders(18, Command.BeginLineage.class, Result.Answer.class, Reach.everything());

  /** {@link Command.Admit}. */
  public static final CommandKind<Command.Admit, Result.Admitted> ADMIT =
      leaders(19, Command.Admit.class, Result.Admitted.class, Reach.everything());

  /** {@link Command.Schedule}. */
  public static final CommandKind<Command.Schedule, Result.Scheduled> SCHEDULE =
      leaders(
          20,
          Command.Schedule.class,
          Result.Scheduled.class,
          Reach.everything(CommandKind::scoredChunks));

  /** {@link Command.Publish}. */
  public static final CommandKind<Command.Publish, Result.Published> PUBLISH =
      leaders(21, Command.Publish.class, Result.Published.class, Reach.everything());

  /** {@link Command.Purge}. */
  public static final CommandKind<Command.Purge, Result.Purged> PURGE =
      leaders(22, Command.Purge.class, Result.Purged.class, Reach.everything());

  /** {@link Command.Keep}. */
  public static final CommandKind<Command.Keep, Result.Answer> KEEP =
      anybodys(23, Command.Keep.class, Result.Answer.class, Reach.fleet());

  /** {@link Command.InventoryPart}. */
  public static final CommandKind<Command.InventoryPart, Result.Answer> INVENTORY_PART =
      anybodys(
          24,
          Command.InventoryPart.class,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.ResetTime}. */
  public static final CommandKind<Command.ResetTime, Result.Answer> RESET_TIME =
      leaders(25, Command.ResetTime.class, Result.Answer.class, Reach.everything());

  /** {@link Command.ConfirmDepartures}. */
  public static final CommandKind<Command.ConfirmDepartures, Result.Answer> CONFIRM_DEPARTURES =
      leaders(26, Command.ConfirmDepartures.class, Result.Answer.class, Reach.fleet());

  /** {@link Command.SetAside}. */
  public static final CommandKind<Command.SetAside, Result.Answer> SET_ASIDE =
      leaders(
          27,
          Command.SetAside.class,
          Result.Answer.class,
          Reach.setAside(it -> keys(it.admitted(), it.offered()), Command.SetAside::worker));

  /** Every kind, by ascending number. */
  public static final List<CommandKind<?, ?>> ALL =
      List.of(
          CONFIGURE,
          INGEST,
          OFFER,
          REGISTER_SWAP,
          CANCEL_SWAP,
          REMOVE,
          REGISTER,
          HEARTBEAT,
          APPLIED,
          LOST,
          INVENTORY,
          DESCRIBE,
          SET_STATUS,
          WISH,
          UNWISH,
          FREEZE,
          UNFREEZE,
          BEGIN_LINEAGE,
          ADMIT,
          SCHEDULE,
          PUBLISH,
          PURGE,
          KEEP,
          INVENTORY_PART,
          RESET_TIME,
          CONFIRM_DEPARTURES,
          SET_ASIDE);

  /** What a decision rests on, and so whom it keeps out where several writers decide. */
  public enum Concern {
    /** Ranges of datasets: other writers of the same datasets wait. */
    DATASETS,
    /** One worker: other reports of the same worker wait. */
    WORKER,
    /** Counters, versions or wishes of the fleet, or all of it: every other writer waits. */
    FLEET
  }

  /** The datasets whose other writers wait until the leader's transaction ends. */
  public enum Locks {
    /** None: it decides about no range. */
    NO_DATASET,
    /** Those that {@link CommandKind#datasets} names. */
    NAMED_DATASETS,
    /** All: it may decide about any range. */
    EVERY_DATASET
  }

  private final int number;
  private final Class<C> command;
  private final Class<R> result;
  private final boolean isLeadersOwn;
  private final Reach<C> reach;

  private CommandKind(
      int number, Class<C> command, Class<R> result, boolean isLeadersOwn, Reach<C> reach) {
    this.number = number;
    this.command = command;
    this.result = result;
    this.isLeadersOwn = isLeadersOwn;
    this.reach = reach;
  }

  private static <C extends Command<R>, R extends Result> CommandKind<C, R> anybodys(
      int number, Class<C> command, Class<R> result, Reach<C> reach) {
    return new CommandKind<>(number, command, result, false, reach);
  }

  private static <C extends Command<R>, R extends Result> CommandKind<C, R> leaders(
      int number, Class<C> command, Class<R> result, Reach<C> reach) {
    return new CommandKind<>(number, command, result, true, reach);
  }

  /** Returns the byte that stands for this kind where commands are kept; 1, 2 and so on. */
  public int number() {
    return number;
  }

  /** Whether the holder of the lease alone decides it: cycles, retention and lineages. */
  public boolean isLeadersOwn() {
    return isLeadersOwn;
  }

  /** What its decision rests on. */
  public Concern concern() {
    return reach.concern();
  }

  /** What the leader locks for it. */
  public Locks locks() {
    return reach.locks();
  }

  /**
   * The datasets whose ranges this command decides about, none twice; empty where the kind names
   * none.
   *
   * @throws ClassCastException if the command is of another kind
   */
  public List<DatasetId> datasets(Command<?> it) {
    return reach.datasets().apply(of(it));
  }

  /**
   * The chunks that this command is about, in its order.
   *
   * @throws ClassCastException if the command is of another kind
   */
  public List<ChunkKey> chunks(Command<?> it) {
    return reach.chunks().apply(of(it));
  }

  /**
   * The worker that this command is about, where it is about one.
   *
   * @throws ClassCastException if the command is of another kind
   */
  public Optional<WorkerId> worker(Command<?> it) {
    return reach.worker().apply(of(it));
  }

  /**
   * A command that is of this kind, as the record it is.
   *
   * @throws ClassCastException if it is of another kind
   */
  public C of(Command<?> it) {
    return command.cast(it);
  }

  /**
   * The answer to a command of this kind, as the record it is.
   *
   * @throws ClassCastException if it answers something else
   */
  public R answer(Result it) {
    return result.cast(it);
  }

  /** The name of the record. */
  @Override
  public String toString() {
    return command.getSimpleName();
  }

  private static List<ChunkKey> keys(List<ProposedChunk> chunks) {
    return chunks.stream().map(ProposedChunk::key).toList();
  }

  private static List<ChunkKey> keys(List<ProposedChunk> some, List<ProposedChunk> others) {
    List<ChunkKey> all = new ArrayList<>(keys(some));
    all.addAll(keys(others));
    return all;
  }

  private static List<ChunkKey> bothSides(Command.RegisterSwap swap) {
    List<ChunkKey> both = new ArrayList<>(swap.oldChunks());
    both.addAll(keys(swap.newChunks()));
    return both;
  }

  private static List<ChunkKey> scoredChunks(Command.Schedule cycle) {
    return cycle.advice().scores().stream().map(PlanningAdvice.Score::chunk).distinct().toList();
  }
}
