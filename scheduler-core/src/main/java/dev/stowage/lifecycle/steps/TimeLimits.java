package dev.stowage.lifecycle.steps;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.state.FleetTime;
import dev.stowage.lifecycle.state.Tables;
import java.util.List;
import java.util.Optional;

/** Limits the times at which cycles may be called (section 8). Stateless. */
public final class TimeLimits {
  private TimeLimits() {}

  public static Optional<Result.Answer> refusal(Tables tables, Command<?> command, long now) {
    long asked = command instanceof LeaderCommand.Publish it ? Math.max(now, it.commitTick()) : now;
    boolean isPlanned = command instanceof Command.CarryOut it && !it.planHash().isEmpty();
    boolean isLimited = isPlanned || CommandKind.kindOf(command).giver() == CommandKind.Giver.CYCLE;
    return isLimited && asked > tables.time.latest()
        ? Optional.of(why(tables, asked))
        : Optional.empty();
  }

  private static Result.Answer why(Tables tables, long asked) {
    FleetTime time = tables.time;
    String known =
        time.isShown()
            ? "by the store's clock the fleet's time is tick " + time.limit()
            : "the largest tick of any cycle is " + tables.fleet.largestTick();
    String remedy =
        time.isShown()
            ? "if the clock of this host is wrong, correct it; if it is right, the fleet's time has"
                + " stayed behind, as it does while a leader's clock is late, and resetTime sets it"
            : "correct the clock, or call resetTime";
    String why =
        "the cycle is called at tick "
            + asked
            + "; "
            + known
            + ", and at most maxStep, "
            + tables.fleet.config().maxStepTicks()
            + " ticks, beyond that is accepted: "
            + remedy;
    return new Result.Answer(ResultCode.TIME_JUMP, List.of(why));
  }
}
