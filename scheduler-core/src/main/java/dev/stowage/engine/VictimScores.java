package dev.stowage.engine;

import dev.stowage.command.PlanningAdvice;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.LifecycleView;
import java.util.List;

/** Scores the replicas of chunks that have too many. */
public interface VictimScores {
  VictimScores NONE = (state, planned) -> List.of();

  List<PlanningAdvice.Score> of(LifecycleView state, CyclePlan planned);
}
