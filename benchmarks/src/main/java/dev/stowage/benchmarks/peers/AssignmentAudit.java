package dev.stowage.benchmarks.peers;

import java.util.ArrayList;
import java.util.List;

/** Finds what makes an assignment no assignment, whatever its quality. Stateless. */
public final class AssignmentAudit {
  private static final int ENOUGH = 10;

  private AssignmentAudit() {}

  /** Returns the faults of an assignment, at most ten; empty if it is sound. */
  public static List<String> faults(PlacementProblem problem, Assignment assignment) {
    List<String> faults = new ArrayList<>();
    if (assignment.chunks() != problem.chunks().count()) {
      faults.add(assignment.chunks() + " chunks instead of " + problem.chunks().count());
      return faults;
    }
    for (int chunk = 0; chunk < assignment.chunks() && faults.size() < ENOUGH; chunk++) {
      int last = -1;
      for (int i = assignment.start()[chunk]; i < assignment.start()[chunk + 1]; i++) {
        int worker = assignment.worker()[i];
        if (worker < 0 || worker >= problem.fleet().count()) {
          faults.add("chunk " + chunk + " is on unknown worker " + worker);
        } else if (worker == last) {
          faults.add("chunk " + chunk + " is twice on worker " + worker);
        } else if (worker < last) {
          faults.add("chunk " + chunk + " has its workers out of order");
        }
        last = worker;
      }
    }
    return faults;
  }
}
