package dev.stowage.engine;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.PlanningAdvice;
import dev.stowage.lifecycle.Preparation;
import java.util.List;

/** Says how well the replicas of chunks lie that have too many of them. */
public interface VictimScores {
  /** Nobody says anything. */
  VictimScores NONE = (state, planned) -> List.of();

  /** The scores that are known of the chunks that a plan shrinks, chunk by chunk. */
  List<PlanningAdvice.Score> of(LifecycleView state, Preparation planned);
}
