package dev.stowage.rebalance.passes;

import dev.stowage.columns.Micros;
import dev.stowage.model.WorkerId;
import dev.stowage.rebalance.MoveExplanation;
import dev.stowage.rebalance.MoveExplanation.MoveRecord;
import dev.stowage.rebalance.MoveExplanation.Verdict;
import java.util.Locale;
import java.util.stream.Stream;

/** Verdicts in words. */
final class Reasons {
  private Reasons() {}

  static String of(MoveExplanation judged) {
    String victim = judged.victim().map(WorkerId::value).orElse("?");
    String target = judged.target().map(WorkerId::value).orElse("?");
    String pair =
        words("%s scores %s, %s %s", victim, judged.liveMicros(), target, judged.targetMicros());
    long gain = judged.targetMicros() - judged.liveMicros();
    return switch (judged.verdict()) {
      case LIVE_RECOVERED ->
          words(
              "%s scored %s in the sample, but now scores %s",
              victim, judged.sampledMicros(), judged.liveMicros());
      case GAP -> words("%s: gain %s does not exceed gap %s", pair, gain, judged.gapMicros());
      case COST -> words("%s: gain %s does not exceed cost %s", pair, gain, judged.costMicros());
      case MOVE ->
          words(
              "%s: gain %s exceeds gap %s and cost %s",
              pair, gain, judged.gapMicros(), judged.costMicros());
      default ->
          judged.target().isPresent()
              ? target + " cannot take it, or has no usable score"
              : "the scorer names no worker that can take it";
    };
  }

  static String ofRest(Verdict verdict, MoveRecord record, Terms terms) {
    return switch (verdict) {
      case IN_FLIGHT -> words("it goes from %s to %s", record.from(), record.to());
      case PINNED ->
          String.format(
              Locale.ROOT,
              "it was moved back %d times and stays until tick %d",
              record.reversals(),
              record.pinnedUntilTick());
      default ->
          String.format(
              Locale.ROOT,
              "it was moved at tick %d and rests for %d ticks",
              record.askedTick(),
              terms.cooldownTicks());
    };
  }

  /** Says numbers as points. */
  private static String words(String format, Object... parts) {
    Object[] said =
        Stream.of(parts).map(it -> it instanceof Long micros ? points(micros) : it).toArray();
    return String.format(Locale.ROOT, format, said);
  }

  static String points(long micros) {
    return micros < 0 ? "nothing" : String.format(Locale.ROOT, "%.6f", Micros.points(micros));
  }
}
