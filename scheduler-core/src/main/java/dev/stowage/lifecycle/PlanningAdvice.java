package dev.stowage.lifecycle;

import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.MovementBudget;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What other packages ask of one plan. It is an input: recorded with the command, not kept with the
 * state. What names an unknown chunk or worker is passed over.
 *
 * @param intents moves that the rebalancer asks for, in its order
 * @param avoided workers that take nothing new
 * @param cooling chunks that an intent moved lately, not to be levelled
 * @param budget replaces the configured movement budget, for instance under pressure
 * @param scores how well replicas lie, of chunks that have too many: the lowest go first. A pair
 *     that is not named comes after all that are; of two scores of one pair the lower counts
 */
public record PlanningAdvice(
    List<Intent> intents,
    List<WorkerId> avoided,
    List<ChunkKey> cooling,
    Optional<MovementBudget> budget,
    List<Score> scores) {
  /** Nothing. */
  public static final PlanningAdvice NONE =
      new PlanningAdvice(List.of(), List.of(), List.of(), Optional.empty());

  /** Copies the lists. */
  public PlanningAdvice {
    intents = List.copyOf(intents);
    avoided = List.copyOf(avoided);
    cooling = List.copyOf(cooling);
    Objects.requireNonNull(budget, "budget");
    scores = List.copyOf(scores);
  }

  /** Advice that says nothing of scores. */
  public PlanningAdvice(
      List<Intent> intents,
      List<WorkerId> avoided,
      List<ChunkKey> cooling,
      Optional<MovementBudget> budget) {
    this(intents, avoided, cooling, budget, List.of());
  }

  /** The same with other scores. */
  public PlanningAdvice withScores(List<Score> replacement) {
    return new PlanningAdvice(intents, avoided, cooling, budget, replacement);
  }

  /**
   * How well a replica lies.
   *
   * @param chunk the chunk
   * @param worker the worker
   * @param micros 0 to 1,000,000 millionths of a point, more is better
   */
  public record Score(ChunkKey chunk, WorkerId worker, int micros) {
    /** The best score there is. */
    public static final int PER_POINT = 1_000_000;

    /** Refuses nulls and what is out of range. */
    public Score {
      Objects.requireNonNull(chunk, "chunk");
      Objects.requireNonNull(worker, "worker");
      if (micros < 0 || micros > PER_POINT) {
        throw new IllegalArgumentException(
            "score is " + micros + " micro-points; 0 to " + PER_POINT + " are accepted");
      }
    }
  }

  /**
   * A move that the rebalancer asks for.
   *
   * @param chunk the chunk
   * @param from the worker to move off
   * @param to the worker to move to
   */
  public record Intent(ChunkKey chunk, WorkerId from, WorkerId to) {
    /** Refuses nulls. */
    public Intent {
      Objects.requireNonNull(chunk, "chunk");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(to, "to");
    }
  }
}
