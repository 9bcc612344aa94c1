package dev.stowage.placement;

import dev.stowage.model.Eligibility;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.math3.optim.MaxIter;
import org.apache.commons.math3.optim.linear.LinearConstraint;
import org.apache.commons.math3.optim.linear.LinearConstraintSet;
import org.apache.commons.math3.optim.linear.LinearObjectiveFunction;
import org.apache.commons.math3.optim.linear.NonNegativeConstraint;
import org.apache.commons.math3.optim.linear.Relationship;
import org.apache.commons.math3.optim.linear.SimplexSolver;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;

/**
 * The most even distribution of a world's replicas that spreading, constraints, limits of domains
 * and of counts permit, by linear programs: the fullest worker as low as can be, then the fullest
 * of the others, and so on. Replicas may be divided, so no planner does better. Shares no code with
 * the planner.
 */
final class EvenestFill {
  private static final double EPSILON = 1e-7;

  /** Chunks that are alike, and how many there are. */
  private record Kind(long size, int floor, int replicas, Eligibility eligibility) {}

  private final World world;
  private final List<Map.Entry<Kind, Integer>> kinds;
  private final int workers;

  /**
   * The variables: a share of each kind on each worker, what lies in a domain once, and the fill.
   */
  private final int variables;

  private final int fill;
  private final List<LinearConstraint> permitted = new ArrayList<>();
  private final double scale;

  private EvenestFill(World world) {
    this.world = world;
    Map<Kind, Integer> counts = new LinkedHashMap<>();
    for (World.Piece piece : world.chunks) {
      Kind kind = new Kind(piece.size, piece.floor, piece.held.size(), piece.eligibility);
      counts.merge(kind, 1, Integer::sum);
    }
    kinds = List.copyOf(counts.entrySet());
    workers = world.workers.size();
    scale = world.workers.stream().mapToLong(it -> it.capacityBytes()).max().orElseThrow();
    int shares = kinds.size() * workers;
    int domains = 0;
    for (int level = 1; level <= levels(); level++) {
      domains += domains(level).size();
    }
    fill = shares + kinds.size() * domains;
    variables = fill + 1;
    int once = shares;
    for (int kind = 0; kind < kinds.size(); kind++) {
      once = permit(kind, once);
    }
    boundWorkers();
  }

  /** The bytes on each worker in the most even distribution of what the world holds. */
  static double[] of(World world) {
    return new EvenestFill(world).solve();
  }

  private int levels() {
    return world.workers.stream().mapToInt(it -> it.levels()).max().orElse(0);
  }

  /** The domains of a level, as sets of workers. */
  private List<Set<Integer>> domains(int level) {
    List<Set<Integer>> domains = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      Set<Integer> own = new LinkedHashSet<>();
      for (int other = 0; other < workers; other++) {
        if (World.areTogether(world.workers.get(worker), world.workers.get(other), level)) {
          own.add(other);
        }
      }
      if (!domains.contains(own)) {
        domains.add(own);
      }
    }
    return domains;
  }

  private boolean admits(Kind kind, int worker) {
    return kind.eligibility.admits(world.workers.get(worker));
  }

  /** Adds the permitted placements of one kind; returns the next unused variable. */
  private int permit(int number, int once) {
    Kind kind = kinds.get(number).getKey();
    double[] all = new double[variables];
    for (int worker = 0; worker < workers; worker++) {
      double[] one = new double[variables];
      one[number * workers + worker] = 1;
      all[number * workers + worker] = 1;
      permitted.add(atMost(one, admits(kind, worker) ? 1 : 0));
    }
    permitted.add(new LinearConstraint(all, Relationship.EQ, kind.replicas));
    int next = once;
    for (int level = 1; level <= levels(); level++) {
      int limit = world.config.maxPerDomain().getOrDefault(level, Integer.MAX_VALUE);
      double[] distinct = new double[variables];
      for (Set<Integer> domain : domains(level)) {
        double[] within = new double[variables];
        domain.forEach(worker -> within[number * workers + worker] = 1);
        if (limit < domain.size()) {
          permitted.add(atMost(within, limit));
        }
        double[] first = new double[variables];
        first[next] = 1;
        distinct[next] = 1;
        permitted.add(atMost(first, 1));
        double[] beyond = new double[variables];
        domain.forEach(worker -> beyond[number * workers + worker] = -1);
        beyond[next] = 1;
        permitted.add(atMost(beyond, 0));
        next++;
      }
      int wanted = world.config.spread() == Spread.ZONE ? reachable(kind, level) : 0;
      permitted.add(new LinearConstraint(distinct, Relationship.GEQ, wanted));
    }
    return next;
  }

  /** In how many domains of a level a chunk of the kind can lie, as far as its floor asks. */
  private int reachable(Kind kind, int level) {
    Set<Integer> all = new LinkedHashSet<>();
    for (int worker = 0; worker < workers; worker++) {
      if (admits(kind, worker)) {
        all.add(worker);
      }
    }
    return Math.min(Math.min(kind.floor, kind.replicas), reachable(all, 0, level));
  }

  private int reachable(Set<Integer> within, int outer, int level) {
    if (within.isEmpty() || outer == level) {
      return within.isEmpty() ? 0 : 1;
    }
    int sum = 0;
    for (Set<Integer> domain : domains(outer + 1)) {
      Set<Integer> inner = new LinkedHashSet<>(domain);
      inner.retainAll(within);
      int limit = world.config.maxPerDomain().getOrDefault(outer + 1, Integer.MAX_VALUE);
      sum += Math.min(limit, reachable(inner, outer + 1, level));
    }
    return sum;
  }

  private void boundWorkers() {
    for (int worker = 0; worker < workers; worker++) {
      permitted.add(atMost(bytes(worker), world.workers.get(worker).capacityBytes() / scale));
      if (world.workers.get(worker).isLimited()) {
        double[] count = new double[variables];
        for (int kind = 0; kind < kinds.size(); kind++) {
          count[kind * workers + worker] = kinds.get(kind).getValue();
        }
        permitted.add(atMost(count, world.workers.get(worker).maxReplicas()));
      }
    }
  }

  /** The bytes on a worker, in units of the largest capacity. */
  private double[] bytes(int worker) {
    double[] bytes = new double[variables];
    for (int kind = 0; kind < kinds.size(); kind++) {
      Map.Entry<Kind, Integer> each = kinds.get(kind);
      bytes[kind * workers + worker] = each.getKey().size * (double) each.getValue() / scale;
    }
    return bytes;
  }

  private static LinearConstraint atMost(double[] row, double bound) {
    return new LinearConstraint(row, Relationship.LEQ, bound);
  }

  private double capacity(int worker) {
    return world.workers.get(worker).capacityBytes() / scale;
  }

  /** The fill of the fullest worker in the most even distribution of what the world holds. */
  static double fullest(World world) {
    EvenestFill program = new EvenestFill(world);
    BitSet open = new BitSet();
    open.set(0, program.workers);
    return program.lowest(program.rows(open, new double[program.workers]));
  }

  /** Returns the constraints: closed workers have their level, others at most the common one. */
  private List<LinearConstraint> rows(BitSet open, double[] level) {
    List<LinearConstraint> rows = new ArrayList<>(permitted);
    for (int worker = 0; worker < workers; worker++) {
      double[] row = bytes(worker);
      row[fill] = open.get(worker) ? -capacity(worker) : 0;
      rows.add(atMost(row, open.get(worker) ? 0 : level[worker] + EPSILON));
    }
    return rows;
  }

  private double lowest(List<LinearConstraint> rows) {
    double[] lowest = new double[variables];
    lowest[fill] = 1;
    return minimum(lowest, rows);
  }

  private double[] solve() {
    double[] level = new double[workers];
    BitSet open = new BitSet();
    open.set(0, workers);
    while (!open.isEmpty()) {
      List<LinearConstraint> rows = rows(open, level);
      double fullest = lowest(rows);
      double[] fixed = new double[variables];
      fixed[fill] = 1;
      rows.add(atMost(fixed, fullest + EPSILON));
      BitSet forced = new BitSet();
      for (int worker = open.nextSetBit(0); worker >= 0; worker = open.nextSetBit(worker + 1)) {
        double most = fullest * capacity(worker);
        if (minimum(bytes(worker), rows) >= most - 100 * EPSILON) {
          level[worker] = most;
          forced.set(worker);
        }
      }
      if (forced.isEmpty()) {
        throw new IllegalStateException("no worker is forced to " + fullest);
      }
      open.andNot(forced);
    }
    return Arrays.stream(level).map(each -> each * scale).toArray();
  }

  private double minimum(double[] objective, List<LinearConstraint> rows) {
    return new SimplexSolver(1e-9, 10, 1e-12)
        .optimize(
            new MaxIter(100_000),
            new LinearObjectiveFunction(objective, 0),
            new LinearConstraintSet(rows),
            GoalType.MINIMIZE,
            new NonNegativeConstraint(true))
        .getValue();
  }
}
