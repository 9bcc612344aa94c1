package dev.stowage.sim.kit.reference;

import dev.stowage.answer.Progress.Cause;
import dev.stowage.model.WorkerId;
import dev.stowage.placement.PlanChanges.ActionKind;

/** One action of a plan, on a pair. */
record PlannedStep(ActionKind kind, Cause cause, RefChunk chunk, WorkerId worker) {}
