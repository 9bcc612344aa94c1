package dev.stowage.engine;

import dev.stowage.command.Command;
import dev.stowage.command.ResultCode;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.parts.PartHeader;
import dev.stowage.evidence.parts.Records;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.SwapState;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.ChangeSet.ReplicaRows;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.SwapRow;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import dev.stowage.rebalance.RebalancePass;
import dev.stowage.rebalance.RebalancePass.MoveIntent;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Declares the records of the engine, with codes 0x0600 to 0x06FF. */
public final class EngineRecords {
  public static final Records<Input, Answered> ALL =
      Records.of(Input.class, Answered.class)
          .input(0x0600, "fleet_founded", Founded.class)
          .input(0x0601, "command", Executed.class)
          .input(0x0602, "plan_prepared", Prepared.class)
          .input(0x0603, "plan_applied", Applied.class)
          .input(0x0604, "move_decided", Moved.class)
          .input(0x0605, "tick_seen", Seen.class)
          .input(0x0606, "part_begun", PartBegun.class)
          .input(0x0607, "part_said", PartSaid.class)
          .input(0x0608, "part_rested", PartRested.class)
          .input(0x0680, "done", Done.class)
          .input(0x0681, "emptied", Emptied.class)
          .input(0x0682, "ended", Ended.class)
          .outcome(0x0610, Answered.class, Answered.SHAPE)
          .build();

  static final String TICK = "tick";

  private static final int MOST_BYTES_OF_SETTINGS = EvidenceLog.MAX_PAYLOAD_BYTES / 2;

  private EngineRecords() {}

  public sealed interface Input {}

  public record Founded(Lineage lineage, LifecycleConfig config) implements Input {}

  public record Executed(
      Tick tick, @Declare(form = "FORM", forms = CommandCodec.class) Command<?> command)
      implements Input {}

  public record Prepared(
      Tick tick, @Declare(form = "FORM", forms = CommandCodec.class) Command<?> command)
      implements Input {}

  public record Applied(
      Tick tick, @Declare(form = "FORM", forms = CommandCodec.class) Command<?> command)
      implements Input {}

  public record Seen(Tick tick) implements Input {}

  // A deed, told behind the command, or behind its parts, of which none is recorded if it was
  // refused.
  public record Done(
      Tick tick,
      String by,
      @Declare(form = "FORM", forms = CommandCodec.class) Command<?> command,
      String answer)
      implements Input {}

  // A deed: nothing is left on a worker that was told to leave.
  public record Emptied(
      Tick tick, @Declare(subject = true) WorkerId worker, long copies, long bytes)
      implements Input {
    // What a leave came to, as long as its copies are known.
    static Stream<Emptied> of(LifecycleView state, ReplicaRows removed, Tick tick) {
      return IntStream.range(0, removed.size())
          .map(removed::worker)
          .distinct()
          .filter(it -> state.replicasOn(it) == 0)
          .filter(it -> state.workerRow(it).description().status() == WorkerStatus.LEAVING)
          .mapToObj(it -> {
            WorkerId worker = state.workerId(it);
            var copied = state.kept(KeptValue.MOVED).stream(dev.stowage.lifecycle.Moved.of(worker));
            long copies = copied.map(dev.stowage.lifecycle.Moved.Stream::copies).orElse(0L);
            long bytes = copied.map(dev.stowage.lifecycle.Moved.Stream::bytes).orElse(0L);
            return new Emptied(tick, worker, copies, bytes);
          });
    }
  }

  // A deed: what a command began is over, such as an absence by its deadline.
  public record Ended(Tick tick, String what, String how) implements Input {
    static Stream<Ended> of(List<WorkerId> back, List<SwapRow> swaps, Tick tick) {
      return Stream.concat(
          back.stream().map(worker -> new Ended(tick, absence(worker), "was over")),
          swaps.stream()
              .filter(row -> row.state() != SwapState.PENDING)
              .map(row -> {
                var chunks = row.newChunks().isEmpty() ? row.oldChunks() : row.newChunks();
                String how = row.state() == SwapState.FIRED ? "fired" : "was cancelled";
                return new Ended(tick, swap(chunks.get(0)), how);
              }));
    }

    public static String absence(WorkerId worker) {
      return "the absence of " + worker;
    }

    public static String swap(ChunkKey chunk) {
      return "the swap of " + chunk;
    }
  }

  // Recorded because a replay cannot ask the scorer again.
  public record Moved(
      Tick tick, MoveIntent move, long sampledMicros, long liveMicros, long gapMicros)
      implements Input {
    static Stream<Moved> of(RebalancePass pass) {
      return pass.moves().stream()
          .flatMap(move ->
              pass.explained().stream()
                  .filter(judged -> judged.chunk().equals(move.chunk()))
                  .map(judged ->
                      new Moved(
                          pass.tick(),
                          move,
                          judged.sampledMicros(),
                          judged.liveMicros(),
                          judged.gapMicros())));
    }
  }

  // Parts are numbered by the process that makes them; its first epoch tells the processes apart.
  public record PartId(long epoch, int ordinal) {
    static final Shape<PartId> SHAPE = Shape.derived("part_id", PartId.class);

    @Override
    public String toString() {
      return epoch + "." + ordinal;
    }
  }

  // Repeated if it is not known to be durable.
  public record PartBegun(PartId part, String kind, byte[] settings) implements Input {
    // Without settings, which would not fit into a record, a replay repeats nothing.
    static PartBegun of(PartId part, EvidenceHeader header) {
      String kind = PartHeader.partOf(header);
      byte[] settings = PartHeader.settingsIn(header, kind);
      return new PartBegun(
          part, kind, settings.length > MOST_BYTES_OF_SETTINGS ? new byte[0] : settings);
    }

    public EvidenceHeader header() {
      return PartHeader.of(kind, settings, EngineRecording.LIBRARY_VERSION);
    }
  }

  // The next count records are the part's; from counts those before, dropped ones included.
  public record PartSaid(PartId part, long from, int count) implements Input {}

  // Everything that the part handed over so far is durable.
  public record PartRested(PartId part, long records) implements Input {}

  // The answer is a hash, as a replay gives it anew; assignments are 0 if none was minted.
  public record Answered(
      ResultCode code,
      Hash256 answer,
      long digest,
      @Declare(orElse = 0) long workerAssignment,
      @Declare(orElse = 0) long portalAssignment,
      @Declare(orElse = 0) long replicasWritten,
      @Declare(orElse = 0) long replicasGone) {
    static final Shape<Answered> SHAPE =
        Shape.derived(
            "result", Answered.class, row -> row.number("digest").printedBy(Long::toHexString));

    public static Answered of(Lifecycle.Outcome<?> outcome) {
      ChangeSet changes = outcome.changes();
      return new Answered(
          outcome.result().code(),
          ResultWriter.hash(outcome.result()),
          changes.digestAfter(),
          changes.mintedWorkerAssignment().map(id -> id.value()).orElse(0L),
          changes.mintedPortalAssignment().map(id -> id.value()).orElse(0L),
          changes.replicas().size(),
          changes.removedReplicas().size());
    }
  }
}
