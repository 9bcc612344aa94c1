package dev.stowage.rebalance.passes;

import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.tables.Micros;
import dev.stowage.rebalance.tables.Terms;
import java.util.Locale;

/** Verdicts in words. */
final class Reasons {
  private Reasons() {}

  static String of(MoveExplanation judged, Terms terms) {
    String victim = judged.victim().map(WorkerId::value).orElse("?");
    String target = judged.target().map(WorkerId::value).orElse("?");
    String pair =
        victim
            + " scores "
            + points(judged.liveMicros())
            + ", "
            + target
            + " "
            + points(judged.targetMicros());
    long gain = judged.targetMicros() - judged.liveMicros();
    return switch (judged.verdict()) {
      case LIVE_RECOVERED ->
          victim
              + " scored "
              + points(judged.sampledMicros())
              + " in the sample, but now scores "
              + points(judged.liveMicros());
      case NO_ALTERNATIVE ->
          judged.target().isPresent()
              ? target + " cannot take it, or has no usable score"
              : "the scorer names no worker that can take it";
      case GAP ->
          pair + ": gain " + points(gain) + " does not exceed gap " + points(judged.gapMicros());
      case COST ->
          pair + ": gain " + points(gain) + " does not exceed cost " + points(judged.costMicros());
      case MOVE ->
          pair
              + ": gain "
              + points(gain)
              + " exceeds gap "
              + points(judged.gapMicros())
              + " and cost "
              + points(judged.costMicros());
      default -> "no scorer can be asked; the floor is " + points(terms.floorMicros());
    };
  }

  static String points(long micros) {
    return micros < 0 ? "nothing" : String.format(Locale.ROOT, "%.6f", Micros.points(micros));
  }
}
