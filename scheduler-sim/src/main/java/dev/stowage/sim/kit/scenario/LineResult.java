package dev.stowage.sim.kit.scenario;

import dev.stowage.command.ResultCode;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import java.util.Optional;

/** The result of one line of a story. */
public sealed interface LineResult {
  /** It happened. */
  record Happened() implements LineResult {}

  /**
   * It was refused, as the rules want it.
   *
   * @param code why
   */
  record Refused(ResultCode code) implements LineResult {}

  /** A superseded scheduler tried, and was fenced. */
  record Fenced() implements LineResult {}

  /**
   * It means nothing where it stands; the story goes on without it.
   *
   * @param why what it takes, and what was there
   */
  record Senseless(Mismatch why) implements LineResult {}

  /**
   * It showed that something is wrong; the story is over.
   *
   * @param finding the fault
   */
  record Broken(Finding finding) implements LineResult {}

  /** Returns the expectation that a scenario file needs after such a line. */
  default Optional<String> expectation() {
    if (this instanceof Refused refused) {
      return Optional.of("expect rejected " + refused.code());
    }
    return this instanceof Fenced ? Optional.of("expect fenced") : Optional.empty();
  }
}
