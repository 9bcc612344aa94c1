package dev.stowage.client.transfers;

import static dev.stowage.shape.RecordShapes.list;
import static dev.stowage.shape.RecordShapes.shape;

import dev.stowage.Transfers;
import dev.stowage.lifecycle.documents.DocumentForm;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;

/** Declares the messages of workers about transfers, and the answers. */
public final class TransferWire {
  private static final Form<Long> ID = Forms.number(Long::valueOf, Long::longValue);

  private TransferWire() {}

  /**
   * Asks for transfers.
   *
   * @param room the number that the worker can run beside those that run, at least 0
   * @param running the ids of those that run
   * @param ended those that ended since the last answer
   */
  public record AskTransfers(WorkerId worker, int room, List<Long> running, List<Ended> ended) {
    /** The shape of its messages. */
    public static final Shape<AskTransfers> SHAPE =
        Shape.of(
            "ask_transfers",
            row -> {
              var worker = row.value("worker", AskTransfers::worker, Form.of(WorkerId.class));
              var room = row.number("room", AskTransfers::room).narrow();
              var running = row.list("running", AskTransfers::running, ID);
              var ended = row.list("ended", AskTransfers::ended, Forms.row(Ended.SHAPE));
              return v -> new AskTransfers(worker.of(v), room.intOf(v), running.of(v), ended.of(v));
            });
  }

  /**
   * The end of a transfer.
   *
   * @param source the sender; empty for the origin
   * @param bytes the bytes that came, or the correct ones from the start of a damaged copy
   * @param nanos the duration; 0 says nothing of the path
   * @param reason why it failed
   */
  public record Ended(
      long id,
      Transfers.Outcome outcome,
      Optional<WorkerId> source,
      long bytes,
      long nanos,
      String reason) {
    /** The shape of its messages. */
    public static final Shape<Ended> SHAPE =
        Shape.of(
            "ended",
            row -> {
              var id = row.number("id", Ended::id);
              var outcome = row.oneOf("outcome", Transfers.Outcome.class, Ended::outcome);
              var source =
                  row.value("source", Ended::source, Forms.optional(Form.of(WorkerId.class)));
              var bytes = row.number("bytes", Ended::bytes).atLeast(0);
              var nanos = row.number("nanos", Ended::nanos).atLeast(0);
              var reason = row.text("reason", Ended::reason);
              return v ->
                  new Ended(
                      id.of(v),
                      outcome.of(v),
                      source.of(v),
                      bytes.of(v),
                      nanos.of(v),
                      reason.of(v));
            });
  }

  /** The transfers that a worker is to run, with those that run. */
  public record ToldTransfers(List<Job> jobs) {
    /** The shape of its messages. */
    public static final Shape<ToldTransfers> SHAPE =
        shape(
            "transfers",
            list("jobs", ToldTransfers::jobs, Forms.row(Job.SHAPE)),
            ToldTransfers::new);
  }

  /**
   * A transfer to run.
   *
   * @param sources the workers that have the chunk, best first; empty if it comes from its origin
   * @param goodBytes the correct bytes from the start of the chunk that came before
   */
  public record Job(long id, ChunkNumber number, List<WorkerId> sources, long goodBytes) {
    /** The shape of its messages. */
    public static final Shape<Job> SHAPE =
        Shape.of(
            "job",
            row -> {
              var id = row.number("id", Job::id);
              var number = row.value("number", Job::number, DocumentForm.NUMBER);
              var sources = row.list("sources", Job::sources, Form.of(WorkerId.class));
              var good = row.number("good_bytes", Job::goodBytes);
              return v -> new Job(id.of(v), number.of(v), sources.of(v), good.of(v));
            });
  }
}
