package dev.stowage.engine;

import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordType;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleConfig;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveIntent;

/**
 * The records that the engine writes; codes 0x0600 to 0x06FF are its own. One writer serves one
 * thread.
 */
public final class EngineRecords {
  /** A fleet began: lineage and first configuration. */
  public static final RecordType FOUNDED = RecordType.input(0x0600, "FLEET_FOUNDED");

  /** A command was executed: tick and command. */
  public static final RecordType COMMAND = RecordType.input(0x0601, "COMMAND");

  /** What is to be planned was read off the state: tick and scheduling command. */
  public static final RecordType PREPARED = RecordType.input(0x0602, "PLAN_PREPARED");

  /** A scheduling cycle carried out the plan made from what was prepared: tick and command. */
  public static final RecordType PLANNED = RecordType.input(0x0603, "PLAN_APPLIED");

  /** A move was decided on: the numbers that a scorer gave, which no replay can ask for again. */
  public static final RecordType MOVE = RecordType.input(0x0604, "MOVE_DECIDED");

  /** What a leader finds of cycles before it that left nothing but their tick: this tick. */
  public static final RecordType SEEN = RecordType.input(0x0605, "TICK_SEEN");

  /** What it answered and changed: the result, and the digest and newest ids after it. */
  public static final RecordType RESULT = RecordType.outcome(0x0610, "RESULT");

  private static final int MOST_ANSWER_BYTES = 4_096;

  private final CanonicalWriter writer = new CanonicalWriter();
  private final CanonicalWriter body = new CanonicalWriter();

  CanonicalWriter founded(Lineage lineage, LifecycleConfig config) {
    return writer
        .reset()
        .u64(lineage.token())
        .bytes(CommandCodec.toBytes(firstConfiguration(config)));
  }

  CanonicalWriter command(Tick tick, Command<?> command) {
    CommandCodec.write(body.reset(), command);
    return writer.reset().u64(tick.value()).bytes(body.toBytes());
  }

  CanonicalWriter seen(Tick tick) {
    return writer.reset().u64(tick.value());
  }

  CanonicalWriter move(Tick tick, MoveIntent move, MoveExplanation judged) {
    writer.reset().u64(tick.value());
    writer.string(move.chunk().dataset().value()).string(move.chunk().id());
    writer.string(move.from().value()).string(move.to().value()).u64(move.sizeBytes());
    writer.u64(judged.sampledMicros()).u64(judged.liveMicros()).u64(judged.targetMicros());
    writer.u64(judged.gapMicros()).u64(judged.costMicros());
    return writer.string(judged.trend().name());
  }

  /**
   * A long answer is recorded by its hash: what it says can be had by executing the command again.
   */
  public CanonicalWriter result(Lifecycle.Outcome<?> outcome) {
    ResultWriter.write(body.reset(), outcome.result());
    byte[] answer = body.toBytes();
    ChangeSet changes = outcome.changes();
    CanonicalWriter out = writer.reset().string(outcome.result().code().name());
    if (answer.length <= MOST_ANSWER_BYTES) {
      out.present().bytes(answer);
    } else {
      out.absent().hash(Hash256.of(answer));
    }
    return out.u64(changes.digestAfter())
        .u64(changes.mintedWorkerAssignment().map(id -> id.value()).orElse(0L))
        .u64(changes.mintedPortalAssignment().map(id -> id.value()).orElse(0L))
        .u64(changes.replicas().size())
        .u64(changes.removedReplicas().size());
  }

  static Command<?> firstConfiguration(LifecycleConfig config) {
    return new Command.Configure(Command.ANY_VERSION, config);
  }
}
