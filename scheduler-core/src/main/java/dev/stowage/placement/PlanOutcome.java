package dev.stowage.placement;

import java.util.List;

/** What a plan says beside its actions. */
record PlanOutcome(
    List<Shortage> deferrals,
    List<Shortage> shortfalls,
    List<PoolFactor> factors,
    PlanFigures figures) {}
