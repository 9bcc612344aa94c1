package dev.stowage.lifecycle;

import dev.stowage.evidence.CanonicalSize;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Shape;
import dev.stowage.shape.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A kind of command, with the properties of all its commands. A new command is a record {@code C}
 * in {@link Command}, a row here and a decision in {@link Lifecycle}; {@code R} is its answer.
 * Methods throw {@link ClassCastException} for commands or answers of other kinds.
 */
public final class CommandKind<C extends Command<R>, R extends Result> {
  /** {@link Command.Configure}. */
  public static final CommandKind<Command.Configure, Result.Versioned> CONFIGURE =
      anybodys(
          1,
          Command.Configure.class,
          Command.Configure.SHAPE,
          Result.Versioned.class,
          Reach.fleet());

  /** {@link Command.Ingest}. */
  public static final CommandKind<Command.Ingest, Result.Batch> INGEST =
      anybodys(
          2,
          Command.Ingest.class,
          Command.Ingest.SHAPE,
          Result.Batch.class,
          Reach.chunks(it -> keys(it.chunks())));

  /** {@link Command.Offer}. */
  public static final CommandKind<Command.Offer, Result.Batch> OFFER =
      anybodys(
          3,
          Command.Offer.class,
          Command.Offer.SHAPE,
          Result.Batch.class,
          Reach.chunks(it -> keys(it.chunks())));

  /** {@link Command.RegisterSwap}. */
  public static final CommandKind<Command.RegisterSwap, Result.SwapRegistered> REGISTER_SWAP =
      anybodys(
          4,
          Command.RegisterSwap.class,
          Command.RegisterSwap.SHAPE,
          Result.SwapRegistered.class,
          Reach.swap(Command.RegisterSwap::dataset, CommandKind::bothSides));

  /** {@link Command.CancelSwap}. */
  public static final CommandKind<Command.CancelSwap, Result.SwapCancelled> CANCEL_SWAP =
      anybodys(
          5,
          Command.CancelSwap.class,
          Command.CancelSwap.SHAPE,
          Result.SwapCancelled.class,
          Reach.everything());

  /** {@link Command.Remove}. */
  public static final CommandKind<Command.Remove, Result.Answer> REMOVE =
      anybodys(
          6,
          Command.Remove.class,
          Command.Remove.SHAPE,
          Result.Answer.class,
          Reach.chunks(it -> List.of(it.chunk())));

  /** {@link Command.Register}. */
  public static final CommandKind<Command.Register, Result.Registered> REGISTER =
      anybodys(
          7,
          Command.Register.class,
          Command.Register.SHAPE,
          Result.Registered.class,
          Reach.worker(Command.Register::worker));

  /** {@link Command.Heartbeat}. */
  public static final CommandKind<Command.Heartbeat, Result.Answer> HEARTBEAT =
      anybodys(
          8,
          Command.Heartbeat.class,
          Command.Heartbeat.SHAPE,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.Applied}. */
  public static final CommandKind<Command.Applied, Result.Answer> APPLIED =
      anybodys(
          9,
          Command.Applied.class,
          Command.Applied.SHAPE,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.Lost}. */
  public static final CommandKind<Command.Lost, Result.Answer> LOST =
      anybodys(
          10,
          Command.Lost.class,
          Command.Lost.SHAPE,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.Inventory}. */
  public static final CommandKind<Command.Inventory, Result.Answer> INVENTORY =
      anybodys(
          11,
          Command.Inventory.class,
          Command.Inventory.SHAPE,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.Describe}. */
  public static final CommandKind<Command.Describe, Result.Answer> DESCRIBE =
      anybodys(
          12,
          Command.Describe.class,
          Command.Describe.SHAPE,
          Result.Answer.class,
          Reach.worker(Command.Describe::worker));

  /** {@link Command.SetStatus}. */
  public static final CommandKind<Command.SetStatus, Result.Answer> SET_STATUS =
      anybodys(
          13,
          Command.SetStatus.class,
          Command.SetStatus.SHAPE,
          Result.Answer.class,
          Reach.worker(Command.SetStatus::worker));

  /** {@link Command.Wish}. */
  public static final CommandKind<Command.Wish, Result.Versioned> WISH =
      anybodys(14, Command.Wish.class, Command.Wish.SHAPE, Result.Versioned.class, Reach.fleet());

  /** {@link Command.Unwish}. */
  public static final CommandKind<Command.Unwish, Result.Versioned> UNWISH =
      anybodys(
          15, Command.Unwish.class, Command.Unwish.SHAPE, Result.Versioned.class, Reach.fleet());

  /** {@link Command.Freeze}. */
  public static final CommandKind<Command.Freeze, Result.Versioned> FREEZE =
      anybodys(
          16, Command.Freeze.class, Command.Freeze.SHAPE, Result.Versioned.class, Reach.fleet());

  /** {@link Command.Unfreeze}. */
  public static final CommandKind<Command.Unfreeze, Result.Versioned> UNFREEZE =
      anybodys(
          17,
          Command.Unfreeze.class,
          Command.Unfreeze.SHAPE,
          Result.Versioned.class,
          Reach.fleet());

  /** {@link Command.BeginLineage}. */
  public static final CommandKind<Command.BeginLineage, Result.Answer> BEGIN_LINEAGE =
      leaders(
          18,
          Command.BeginLineage.class,
          Command.BeginLineage.SHAPE,
          Result.Answer.class,
          Reach.everything());

  /** {@link Command.Admit}. */
  public static final CommandKind<Command.Admit, Result.Admitted> ADMIT =
      leaders(
          19, Command.Admit.class, Command.Admit.SHAPE, Result.Admitted.class, Reach.everything());

  /** {@link Command.Schedule}. */
  public static final CommandKind<Command.Schedule, Result.Scheduled> SCHEDULE =
      leaders(
          20,
          Command.Schedule.class,
          Command.Schedule.SHAPE,
          Result.Scheduled.class,
          Reach.everything());

  /** {@link Command.Publish}. */
  public static final CommandKind<Command.Publish, Result.Published> PUBLISH =
      leaders(
          21,
          Command.Publish.class,
          Command.Publish.SHAPE,
          Result.Published.class,
          Reach.everything());

  /** {@link Command.Purge}. */
  public static final CommandKind<Command.Purge, Result.Purged> PURGE =
      leaders(
          22, Command.Purge.class, Command.Purge.SHAPE, Result.Purged.class, Reach.everything());

  /** {@link Command.Keep}. */
  public static final CommandKind<Command.Keep, Result.Answer> KEEP =
      anybodys(23, Command.Keep.class, Command.Keep.SHAPE, Result.Answer.class, Reach.fleet());

  /** {@link Command.InventoryPart}. */
  public static final CommandKind<Command.InventoryPart, Result.Answer> INVENTORY_PART =
      anybodys(
          24,
          Command.InventoryPart.class,
          Command.InventoryPart.SHAPE,
          Result.Answer.class,
          Reach.worker(it -> it.header().worker()));

  /** {@link Command.ResetTime}. */
  public static final CommandKind<Command.ResetTime, Result.Answer> RESET_TIME =
      leaders(
          25,
          Command.ResetTime.class,
          Command.ResetTime.SHAPE,
          Result.Answer.class,
          Reach.everything());

  /** {@link Command.ConfirmDepartures}. */
  public static final CommandKind<Command.ConfirmDepartures, Result.Answer> CONFIRM_DEPARTURES =
      leaders(
          26,
          Command.ConfirmDepartures.class,
          Command.ConfirmDepartures.SHAPE,
          Result.Answer.class,
          Reach.fleet());

  /** {@link Command.SetAside}. */
  public static final CommandKind<Command.SetAside, Result.Answer> SET_ASIDE =
      leaders(
          27,
          Command.SetAside.class,
          Command.SetAside.SHAPE,
          Result.Answer.class,
          Reach.everything());

  /** {@link Command.Away}. */
  public static final CommandKind<Command.Away, Result.Answer> AWAY =
      leaders(28, Command.Away.class, Command.Away.SHAPE, Result.Answer.class, Reach.everything());

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
          SET_ASIDE,
          AWAY);

  /** The state that a decision depends on, and thereby the writers it excludes. */
  public enum Concern {
    /** Ranges of datasets: other writers of these datasets wait. */
    DATASETS,
    /** One worker: other reports of this worker wait. */
    WORKER,
    /** Counters, versions or wishes of the fleet, or everything: every other writer waits. */
    FLEET
  }

  /** The datasets whose other writers wait until the leader's transaction ends. */
  public enum Locks {
    /** No dataset: the command decides about no range. */
    NO_DATASET,
    /** The datasets that {@link CommandKind#datasets} returns. */
    NAMED_DATASETS,
    /** All datasets: the command may decide about any range. */
    EVERY_DATASET
  }

  private final int number;
  private final Class<C> command;
  private final Shape<C> shape;
  private final Class<R> result;
  private final boolean isLeadersOwn;
  private final Reach<C> reach;

  private CommandKind(
      int number,
      Class<C> command,
      Shape<C> shape,
      Class<R> result,
      boolean isLeadersOwn,
      Reach<C> reach) {
    this.number = number;
    this.command = command;
    this.shape = shape;
    this.result = result;
    this.isLeadersOwn = isLeadersOwn;
    this.reach = reach;
  }

  private static <C extends Command<R>, R extends Result> CommandKind<C, R> anybodys(
      int number, Class<C> command, Shape<C> shape, Class<R> result, Reach<C> reach) {
    return new CommandKind<>(number, command, shape, result, false, reach);
  }

  private static <C extends Command<R>, R extends Result> CommandKind<C, R> leaders(
      int number, Class<C> command, Shape<C> shape, Class<R> result, Reach<C> reach) {
    return new CommandKind<>(number, command, shape, result, true, reach);
  }

  /** Returns the number of this kind in stored commands, a byte of at least 1. */
  public int number() {
    return number;
  }

  /** Reports whether only the lease holder decides it: cycles, retention and lineages. */
  public boolean isLeadersOwn() {
    return isLeadersOwn;
  }

  /** Returns the state that its decision depends on. */
  public Concern concern() {
    return reach.concern();
  }

  /** Returns the datasets that the leader locks for it. */
  public Locks locks() {
    return reach.locks();
  }

  /** Returns the distinct datasets whose ranges a command decides about, if the kind names any. */
  public List<DatasetId> datasets(Command<?> it) {
    return reach.datasets().apply(of(it));
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
    return result.cast(it);
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

  private static List<ChunkKey> keys(List<ProposedChunk> chunks) {
    return chunks.stream().map(ProposedChunk::key).toList();
  }

  private static List<ChunkKey> bothSides(Command.RegisterSwap swap) {
    List<ChunkKey> both = new ArrayList<>(swap.oldChunks());
    both.addAll(keys(swap.newChunks()));
    return both;
  }
}
