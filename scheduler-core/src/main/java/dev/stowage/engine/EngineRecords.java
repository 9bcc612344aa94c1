package dev.stowage.engine;

import static dev.stowage.shape.RecordShapes.narrow;
import static dev.stowage.shape.RecordShapes.nested;
import static dev.stowage.shape.RecordShapes.number;
import static dev.stowage.shape.RecordShapes.shape;
import static dev.stowage.shape.RecordShapes.text;
import static dev.stowage.shape.RecordShapes.value;

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
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.RecordShapes.Column;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Declares the records of the engine, with codes 0x0600 to 0x06FF. */
public final class EngineRecords {
  public static final Records<Input, Answered> ALL =
      Records.of(Input.class, Answered.class)
          .input(
              0x0600,
              Founded.class,
              shape(
                  "fleet_founded",
                  value("lineage", Founded::lineage, Form.of(Lineage.class)),
                  nested("config", Founded::config, Shape.of(LifecycleConfig.class)),
                  Founded::new))
          .input(0x0601, Executed.class, timed("command", Executed::new))
          .input(0x0602, Prepared.class, timed("plan_prepared", Prepared::new))
          .input(0x0603, Applied.class, timed("plan_applied", Applied::new))
          .input(0x0604, Moved.class, Moved.SHAPE)
          .input(0x0605, Seen.class, shape("tick_seen", tickField(Seen::tick), Seen::new))
          .input(0x0606, PartBegun.class, PartBegun.SHAPE)
          .input(0x0607, PartSaid.class, PartSaid.SHAPE)
          .input(
              0x0608,
              PartRested.class,
              shape(
                  "part_rested",
                  value("part", PartRested::part, PartId.FORM),
                  number("records", PartRested::records),
                  PartRested::new))
          .input(0x0680, Done.class, Done.SHAPE)
          .input(0x0681, Emptied.class, Emptied.SHAPE)
          .input(
              0x0682,
              Ended.class,
              shape(
                  "ended",
                  tickField(Ended::tick),
                  text("what", Ended::what),
                  text("how", Ended::how),
                  Ended::new))
          .outcome(0x0610, Answered.class, Answered.SHAPE)
          .build();

  static final String TICK = "tick";

  private static final int MOST_BYTES_OF_SETTINGS = EvidenceLog.MAX_PAYLOAD_BYTES / 2;

  private EngineRecords() {}

  private static <R> Column<R, Tick> tickField(Function<R, Tick> get) {
    return value(TICK, get, Form.of(Tick.class));
  }

  private static <R extends Timed> Shape<R> timed(
      String name, BiFunction<Tick, Command<?>, R> make) {
    return shape(
        name, tickField(Timed::tick), value("command", Timed::command, CommandCodec.FORM), make);
  }

  public sealed interface Input {}

  public sealed interface Timed extends Input {
    Tick tick();

    Command<?> command();
  }

  public record Founded(Lineage lineage, LifecycleConfig config) implements Input {}

  public record Executed(Tick tick, Command<?> command) implements Timed {}

  public record Prepared(Tick tick, Command<?> command) implements Timed {}

  public record Applied(Tick tick, Command<?> command) implements Timed {}

  public record Seen(Tick tick) implements Input {}

  // A deed, told behind the command, or behind its parts, of which none is recorded if it was
  // refused.
  public record Done(Tick tick, String by, Command<?> command, String answer) implements Input {
    static final Shape<Done> SHAPE =
        Shape.of(
            "done",
            row -> {
              var tick = tickField(Done::tick).in(row);
              var by = row.text("by", Done::by);
              var command = row.value("command", Done::command, CommandCodec.FORM);
              var answer = row.text("answer", Done::answer);
              return v -> new Done(tick.apply(v), by.of(v), command.of(v), answer.of(v));
            });
  }

  // A deed: nothing is left on a worker that was told to leave.
  public record Emptied(Tick tick, WorkerId worker, long copies, long bytes) implements Input {
    static final Shape<Emptied> SHAPE =
        Shape.of(
            "emptied",
            row -> {
              var tick = tickField(Emptied::tick).in(row);
              var worker = row.value("worker", Emptied::worker, Form.of(WorkerId.class)).subject();
              var copies = row.number("copies", Emptied::copies);
              var bytes = row.number("bytes", Emptied::bytes);
              return v -> new Emptied(tick.apply(v), worker.of(v), copies.of(v), bytes.of(v));
            });

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
    static final Shape<Moved> SHAPE =
        Shape.of(
            "move_decided",
            row -> {
              var tick = tickField(Moved::tick).in(row);
              var move = row.nested("move", Moved::move, Shape.of(MoveIntent.class));
              var sampled = row.number("sampled_micros", Moved::sampledMicros);
              var live = row.number("live_micros", Moved::liveMicros);
              var gap = row.number("gap_micros", Moved::gapMicros);
              return v ->
                  new Moved(tick.apply(v), move.of(v), sampled.of(v), live.of(v), gap.of(v));
            });

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
    static final Form<PartId> FORM =
        Forms.row(
            shape(
                "part_id",
                number("epoch", PartId::epoch),
                narrow("ordinal", PartId::ordinal),
                PartId::new));

    @Override
    public String toString() {
      return epoch + "." + ordinal;
    }
  }

  // Repeated if it is not known to be durable.
  public record PartBegun(PartId part, String kind, byte[] settings) implements Input {
    static final Shape<PartBegun> SHAPE =
        shape(
            "part_begun",
            value("part", PartBegun::part, PartId.FORM),
            text("kind", PartBegun::kind),
            value("settings", PartBegun::settings, Forms.BYTES),
            PartBegun::new);

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
  public record PartSaid(PartId part, long from, int count) implements Input {
    static final Shape<PartSaid> SHAPE =
        shape(
            "part_said",
            value("part", PartSaid::part, PartId.FORM),
            number("from", PartSaid::from),
            narrow("count", PartSaid::count),
            PartSaid::new);
  }

  // Everything that the part handed over so far is durable.
  public record PartRested(PartId part, long records) implements Input {}

  // The answer is a hash, as a replay gives it anew; assignments are 0 if none was minted.
  public record Answered(
      ResultCode code,
      Hash256 answer,
      long digest,
      long workerAssignment,
      long portalAssignment,
      long replicasWritten,
      long replicasGone) {
    static final Shape<Answered> SHAPE =
        Shape.of(
            "result",
            row -> {
              var code = row.oneOf("code", ResultCode.class, Answered::code);
              var answer = row.value("answer", Answered::answer, Form.of(Hash256.class));
              var digest = row.number("digest", Answered::digest).printedBy(Long::toHexString);
              var worker = row.number("worker_assignment", Answered::workerAssignment).orElse(0);
              var portal = row.number("portal_assignment", Answered::portalAssignment).orElse(0);
              var written = row.number("replicas_written", Answered::replicasWritten).orElse(0);
              var gone = row.number("replicas_gone", Answered::replicasGone).orElse(0);
              return v ->
                  new Answered(
                      code.of(v),
                      answer.of(v),
                      digest.of(v),
                      worker.of(v),
                      portal.of(v),
                      written.of(v),
                      gone.of(v));
            });

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
