package dev.stowage.benchmarks.peers;

/**
 * The figures of an assignment, computed here alike for every planner ("Movement figures" of the
 * published figures).
 *
 * @param replicas replicas in the assignment
 * @param missing replicas that the targets ask for and the assignment lacks
 * @param overfull workers that hold more than their capacity
 * @param maxOverMean fill of the fullest worker over the fill of the fleet
 * @param minOverMean fill of the emptiest worker over the fill of the fleet
 * @param movedBytes bytes of pairs that were not held before
 * @param minimumB what is missing for the replicas that the planner ends with, or the fair share
 */
public record Quality(
    long replicas,
    long missing,
    int overfull,
    double maxOverMean,
    double minOverMean,
    long movedBytes,
    long minimumB) {
  /** Judges a sound assignment. */
  public static Quality of(PlacementProblem problem, Assignment assignment) {
    Tally tally = new Tally(problem, assignment);
    tally.count();
    return tally.quality();
  }

  private static final class Tally {
    private final PlacementProblem problem;
    private final Assignment assignment;
    private final long[] load;
    private long missing;
    private long moved;
    private long lacking;
    private long total;

    Tally(PlacementProblem problem, Assignment assignment) {
      this.problem = problem;
      this.assignment = assignment;
      load = new long[problem.fleet().count()];
    }

    void count() {
      PlacementProblem.Past past = problem.past();
      for (int chunk = 0; chunk < assignment.chunks(); chunk++) {
        long bytes = problem.chunks().bytes()[chunk];
        boolean old = past != null && chunk < past.held().chunks();
        int held = old && past != null ? past.held().replicas(chunk) : 0;
        int replicas = assignment.replicas(chunk);
        missing += Math.max(0, problem.replicas(chunk) - replicas);
        lacking += bytes * Math.max(0, replicas - held);
        total += bytes * replicas;
        for (int i = assignment.start()[chunk]; i < assignment.start()[chunk + 1]; i++) {
          int worker = assignment.worker()[i];
          load[worker] += bytes;
          if (!(old && past != null && past.held().holds(chunk, worker))) {
            moved += bytes;
          }
        }
      }
    }

    Quality quality() {
      ProblemFleet fleet = problem.fleet();
      long room = 0;
      long joinedRoom = 0;
      for (int worker = 0; worker < load.length; worker++) {
        room += fleet.capacityBytes(worker);
        joinedRoom += fleet.joined().contains(worker) ? fleet.capacityBytes(worker) : 0;
      }
      double level = total / (double) room;
      double max = 0;
      double min = Double.MAX_VALUE;
      int overfull = 0;
      for (int worker = 0; worker < load.length; worker++) {
        double fill = load[worker] / (double) fleet.capacityBytes(worker) / level;
        max = Math.max(max, fill);
        min = Math.min(min, fill);
        overfull += load[worker] > fleet.capacityBytes(worker) ? 1 : 0;
      }
      long fairShare = (long) (level * joinedRoom);
      long minimumB = Math.max(lacking, fairShare);
      return new Quality(assignment.worker().length, missing, overfull, max, min, moved, minimumB);
    }
  }
}
