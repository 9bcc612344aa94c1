package dev.stowage.lifecycle.steps;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.ProposedChunk;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import dev.stowage.lifecycle.state.FleetFields;
import dev.stowage.model.Incarnation;
import java.util.List;
import java.util.Optional;

/** Refuses commands by themselves, batches in {@link Admission} by chunk. Stateless. */
public final class CommandLimits {
  private CommandLimits() {}

  /** Throws {@code IllegalArgumentException} for a refused cycle, whose answer has no reasons. */
  public static Optional<Result> refusal(FleetFields fleet, Command<?> command) {
    List<String> tooLarge = command.kind().oversized(command);
    if (!tooLarge.isEmpty()) {
      return Optional.of(answer(fleet, command, ResultCode.TOO_LARGE, List.copyOf(tooLarge)));
    }
    List<String> wrong = command.kind().violations(command);
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(answer(fleet, command, ResultCode.INVALID, List.copyOf(wrong)));
  }

  public static boolean isRefused(Command<?> command) {
    return !command.kind().oversized(command).isEmpty()
        || !command.kind().violations(command).isEmpty();
  }

  private static Result answer(
      FleetFields fleet, Command<?> command, ResultCode code, List<String> reasons) {
    if (command instanceof Command.Ingest ingest) {
      return batch(ingest.chunks(), code, reasons);
    }
    if (command instanceof Command.Offer offer) {
      return batch(offer.chunks(), code, reasons);
    }
    if (command instanceof Command.RegisterSwap) {
      return new Result.SwapRegistered(code, 0, null, reasons);
    }
    if (command instanceof Command.Register) {
      Incarnation none = Incarnation.of(0);
      return new Result.Registered(code, none, fleet.lineage(), 0, false, reasons);
    }
    if (command instanceof Command.Configure) {
      return new Result.Versioned(code, fleet.configVersion, reasons);
    }
    if (command instanceof Command.Wish || command instanceof Command.Unwish) {
      return new Result.Versioned(code, fleet.wishesVersion, reasons);
    }
    if (command instanceof Command.Schedule || command instanceof Command.Publish) {
      throw new IllegalArgumentException(String.join("; ", reasons));
    }
    return new Result.Answer(code, reasons);
  }

  private static Result.Batch batch(
      List<ProposedChunk> chunks, ResultCode code, List<String> reasons) {
    return new Result.Batch(
        chunks.stream()
            .map(chunk -> new Result.Item(chunk.key(), code, null, null, reasons))
            .toList());
  }
}
