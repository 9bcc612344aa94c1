package dev.stowage.benchmarks.placement;

import dev.stowage.benchmarks.peers.Assignment;
import dev.stowage.benchmarks.peers.Event;
import dev.stowage.benchmarks.peers.PlacementProblem;
import dev.stowage.benchmarks.peers.PlacementSubject;

/** Problems of one kind: from scratch, and after each event on top of a solution. */
interface Workload {
  /** Returns the problem from scratch, with single replicas for a planner that knows no more. */
  PlacementProblem scratch(PlacementSubject subject);

  /** Returns the problem of an event on top of the solution of the problem from scratch. */
  PlacementProblem after(Event event, PlacementProblem scratch, Assignment placed);
}
