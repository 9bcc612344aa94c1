package dev.stowage.lifecycle.steps;

import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Result;
import dev.stowage.lifecycle.ResultCode;
import java.util.List;
import java.util.Optional;

/** Refuses commands by themselves, batches in {@link Admission} by chunk. Stateless. */
public final class CommandLimits {
  private CommandLimits() {}

  /** Throws {@code IllegalArgumentException} for a refused cycle, whose answer has no reasons. */
  public static Optional<Result.Answer> refusal(Command<?> command) {
    List<String> tooLarge = command.kind().oversized(command);
    List<String> wrong = tooLarge.isEmpty() ? command.kind().violations(command) : tooLarge;
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    if (command.kind().giver() == CommandKind.Giver.CYCLE) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
    ResultCode code = tooLarge.isEmpty() ? ResultCode.INVALID : ResultCode.TOO_LARGE;
    return Optional.of(new Result.Answer(code, wrong));
  }

  public static boolean isRefused(Command<?> command) {
    return !command.kind().oversized(command).isEmpty()
        || !command.kind().violations(command).isEmpty();
  }
}
