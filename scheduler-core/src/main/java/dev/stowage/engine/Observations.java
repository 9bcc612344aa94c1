package dev.stowage.engine;

import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.lifecycle.KeptValue;
import dev.stowage.lifecycle.ObservedPressure;
import dev.stowage.model.Tick;
import dev.stowage.pressure.PressureSnapshot;
import java.util.List;

/** Takes pressure samples into the planned state. Stateless; guarded by the engine's lock. */
final class Observations {
  private Observations() {}

  static Result.Answer take(LeaderTerm leader, PressureSnapshot sample, Tick measured, Tick now) {
    ObservedPressure before = leader.kept(KeptValue.OBSERVED_PRESSURE);
    boolean isLate =
        measured.value() < before.measuredTick() && before.measuredTick() <= now.value();
    if (isLate) {
      String why =
          "the sample was measured at tick "
              + measured
              + ", before an accepted one of tick "
              + before.measuredTick();
      return new Result.Answer(ResultCode.STALE, List.of(why));
    }
    Result.Answer kept =
        leader.keep(KeptValue.OBSERVED_PRESSURE, before.with(sample, measured), now);
    return kept.isAccepted() ? new Result.Answer(kept.code(), sample.complaints()) : kept;
  }
}
