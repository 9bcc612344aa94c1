package dev.stowage.client.transfers;

import dev.stowage.Transfers;
import dev.stowage.lifecycle.documents.DocumentForm;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;

/** Declares the messages of workers about transfers, and the answers. */
public final class TransferWire {

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
        Shape.derived("ask_transfers", AskTransfers.class);
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
      @Declare(least = 0) long bytes,
      @Declare(least = 0) long nanos,
      String reason) {
    /** The shape of its messages. */
    public static final Shape<Ended> SHAPE = Shape.derived("ended", Ended.class);
  }

  /** The transfers that a worker is to run, with those that run. */
  public record ToldTransfers(List<Job> jobs) {
    /** The shape of its messages. */
    public static final Shape<ToldTransfers> SHAPE =
        Shape.derived("transfers", ToldTransfers.class);
  }

  /**
   * A transfer to run.
   *
   * @param sources the workers that have the chunk, best first; empty if it comes from its origin
   * @param goodBytes the correct bytes from the start of the chunk that came before
   */
  public record Job(
      long id,
      @Declare(form = "NUMBER", forms = DocumentForm.class) ChunkNumber number,
      List<WorkerId> sources,
      long goodBytes) {
    /** The shape of its messages. */
    public static final Shape<Job> SHAPE = Shape.derived("job", Job.class);
  }
}
