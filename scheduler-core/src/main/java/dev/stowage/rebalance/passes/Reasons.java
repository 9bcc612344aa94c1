package dev.stowage.rebalance.passes;

import dev.stowage.columns.Micros;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Locale;

/** Verdicts in words. */
final class Reasons {
  private Reasons() {}

  static String of(MoveExplanation judged) {
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
      default ->
          judged.target().isPresent()
              ? target + " cannot take it, or has no usable score"
              : "the scorer names no worker that can take it";
    };
  }

  static String ofRest(Verdict verdict, MoveRecord record, Terms terms) {
    return switch (verdict) {
      case IN_FLIGHT -> "it goes from " + record.from() + " to " + record.to();
      case PINNED ->
          "it was moved back "
              + record.reversals()
              + " times and stays until tick "
              + record.pinnedUntilTick();
      default ->
          "it was moved at tick "
              + record.askedTick()
              + " and rests for "
              + terms.cooldownTicks()
              + " ticks";
    };
  }

  static String points(long micros) {
    return micros < 0 ? "nothing" : String.format(Locale.ROOT, "%.6f", Micros.points(micros));
  }
}
