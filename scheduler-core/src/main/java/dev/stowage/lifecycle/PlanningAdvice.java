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
 */
public record PlanningAdvice(
    List<Intent> intents,
    List<WorkerId> avoided,
    List<ChunkKey> cooling,
    Optional<MovementBudget> budget) {
  /** Nothing. */
  public static final PlanningAdvice NONE =
      new PlanningAdvice(List.of(), List.of(), List.of(), Optional.empty());

  /** Copies the lists. */
  public PlanningAdvice {
    intents = List.copyOf(intents);
    avoided = List.copyOf(avoided);
    cooling = List.copyOf(cooling);
    Objects.requireNonNull(budget, "budget");
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
