package dev.stowage.lifecycle.steps;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.CommandKind;
import java.util.List;
import java.util.Optional;

/** Refuses commands by themselves, batches in {@link Admission} by chunk. Stateless. */
public final class CommandLimits {
  private CommandLimits() {}

  /** Throws {@code IllegalArgumentException} for a refused cycle, whose answer has no reasons. */
  public static Optional<Result.Answer> refusal(Command<?> command) {
    List<String> tooLarge = CommandKind.kindOf(command).oversized(command);
    List<String> wrong =
        tooLarge.isEmpty() ? CommandKind.kindOf(command).violations(command) : tooLarge;
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    if (CommandKind.kindOf(command).giver() == CommandKind.Giver.CYCLE) {
      throw new IllegalArgumentException(String.join("; ", wrong));
    }
    ResultCode code = tooLarge.isEmpty() ? ResultCode.INVALID : ResultCode.TOO_LARGE;
    return Optional.of(new Result.Answer(code, wrong));
  }

  public static boolean isRefused(Command<?> command) {
    return !CommandKind.kindOf(command).oversized(command).isEmpty()
        || !CommandKind.kindOf(command).violations(command).isEmpty();
  }
}
