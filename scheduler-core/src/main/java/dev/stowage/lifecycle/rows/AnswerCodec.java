package dev.stowage.lifecycle.rows;

import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Tick;
import dev.stowage.shape.Form;
import dev.stowage.shape.Forms;
import dev.stowage.shape.Shape;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the answers to anybody's commands canonically: one byte for the type, then the fields,
 * without numbers of chunks and cycles. Thread-safe.
 */
public final class AnswerCodec {
  private static final Form<Optional<ChunkKey>> KEY = Forms.optional(Form.of(ChunkKey.class));
  private static final Form<Optional<Tick>> TICK = Forms.optional(Form.of(Tick.class));

  private static final Form<Result> PART =
      Forms.of(Forms.BYTES, AnswerCodec::fromBytes, AnswerCodec::toBytes);

  private static final Shape<Result.Answer> ANSWER = Shape.derived("answer", Result.Answer.class);

  private static final Shape<Result.Versioned> VERSIONED =
      Shape.derived("versioned", Result.Versioned.class);

  private static final Shape<Result.Item> ITEM =
      Shape.of(
          "item",
          row -> {
            var key = row.value("key", Result.Item::key, Form.of(ChunkKey.class));
            var code = row.oneOf("code", ResultCode.class, Result.Item::code);
            var winner = row.value("winner", it -> Optional.ofNullable(it.winner()), KEY);
            var reasons = row.list("reasons", Result.Item::reasons, Forms.TEXT);
            var free = row.value("free_from", it -> Optional.ofNullable(it.freeFrom()), TICK);
            return v -> item(key.of(v), code.of(v), winner.of(v), reasons.of(v), free.of(v));
          });

  private static final Shape<Result.Batch> BATCH =
      Shape.of(
          "batch",
          row -> {
            var items = row.list("items", Result.Batch::items, Forms.row(ITEM));
            var wait = row.number("retry_after_nanos", Result.Batch::retryAfterNanos);
            return v -> new Result.Batch(items.of(v), wait.of(v));
          });

  private static final Shape<Result.SwapRegistered> SWAP_REGISTERED =
      Shape.of(
          "swap_registered",
          row -> {
            var code = row.oneOf("code", ResultCode.class, Result.SwapRegistered::code);
            var id = row.number("swap_id", Result.SwapRegistered::swapId);
            var culprit = row.value("culprit", it -> Optional.ofNullable(it.culprit()), KEY);
            var reasons = row.list("reasons", Result.SwapRegistered::reasons, Forms.TEXT);
            var free = row.value("free_from", it -> Optional.ofNullable(it.freeFrom()), TICK);
            return v ->
                new Result.SwapRegistered(
                    code.of(v), id.of(v), orNull(culprit.of(v)), reasons.of(v), orNull(free.of(v)));
          });

  private static final Shape<Result.SwapCancelled> SWAP_CANCELLED =
      Shape.derived("swap_cancelled", Result.SwapCancelled.class);

  private static final Shape<Result.Registered> REGISTERED =
      Shape.derived("registered", Result.Registered.class);

  private static final Shape<Result.CarriedOut> CARRIED_OUT =
      Shape.of(
          "carried_out",
          row -> {
            var code = row.oneOf("code", ResultCode.class, Result.CarriedOut::code);
            var hash = row.text("plan_hash", Result.CarriedOut::planHash);
            var results = row.list("results", Result.CarriedOut::results, PART);
            var reasons = row.list("reasons", Result.CarriedOut::reasons, Forms.TEXT);
            return v -> new Result.CarriedOut(code.of(v), hash.of(v), results.of(v), reasons.of(v));
          });

  private record Type<R extends Result>(Class<R> type, Shape<R> shape) {
    void write(Result answer, CanonicalWriter out) {
      shape.write(type.cast(answer), out);
    }
  }

  private static final List<Type<?>> TYPES =
      List.of(
          new Type<>(Result.Answer.class, ANSWER),
          new Type<>(Result.Versioned.class, VERSIONED),
          new Type<>(Result.Batch.class, BATCH),
          new Type<>(Result.SwapRegistered.class, SWAP_REGISTERED),
          new Type<>(Result.SwapCancelled.class, SWAP_CANCELLED),
          new Type<>(Result.Registered.class, REGISTERED),
          new Type<>(Result.CarriedOut.class, CARRIED_OUT));

  private AnswerCodec() {}

  /**
   * Returns an answer as a whole canonical message; throws {@link IllegalArgumentException} for
   * that of a leader's own command.
   */
  public static byte[] toBytes(Result answer) {
    for (int number = 0; number < TYPES.size(); number++) {
      Type<?> type = TYPES.get(number);
      if (type.type.isInstance(answer)) {
        CanonicalWriter out = new CanonicalWriter().u8(number);
        type.write(answer, out);
        return out.toBytes();
      }
    }
    throw new IllegalArgumentException("answer is " + answer + "; those of a cycle are not kept");
  }

  /** Returns the answer of a message; throws {@code EvidenceException.Malformed} for others. */
  public static Result fromBytes(byte[] message) {
    CanonicalReader in = CanonicalReader.of(message);
    long number = in.u8();
    if (number >= TYPES.size()) {
      throw new EvidenceException.Malformed(
          1, "type of answer is " + number + "; 0 to " + (TYPES.size() - 1) + " is accepted");
    }
    Result answer = in.row(TYPES.get((int) number).shape);
    in.end();
    return answer;
  }

  private static Result.Item item(
      ChunkKey key,
      ResultCode code,
      Optional<ChunkKey> winner,
      List<String> reasons,
      Optional<Tick> freeFrom) {
    return new Result.Item(key, code, null, orNull(winner), reasons, orNull(freeFrom));
  }

  private static <V> @Nullable V orNull(Optional<V> value) {
    return value.orElse(null);
  }
}
