package dev.stowage.engine;

import dev.stowage.command.own.PlanningAdvice;
import dev.stowage.lifecycle.CyclePlan;
import java.util.List;

/** Scores the replicas of chunks that have too many. */
public interface VictimScores {
  VictimScores NONE = planned -> List.of();

  List<PlanningAdvice.Score> of(CyclePlan planned);
}
