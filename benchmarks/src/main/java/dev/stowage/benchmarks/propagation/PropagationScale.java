package dev.stowage.benchmarks.propagation;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.propagation.InterestDeclaration.InterestLevel;
import dev.stowage.propagation.InterestMap;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import dev.stowage.propagation.PropagationConfig;
import dev.stowage.propagation.PropagationDecision;
import dev.stowage.propagation.PropagationPlan;
import dev.stowage.propagation.PropagationScheduler;
import dev.stowage.propagation.StateId;
import dev.stowage.propagation.StateUpdate;
import dev.stowage.propagation.topology.EdgeTopology;
import dev.stowage.propagation.topology.PropagationTopology;
import dev.stowage.propagation.topology.PropagationTopology.PropagationEdge;
import dev.stowage.propagation.topology.StarTopology;
import dev.stowage.propagation.topology.TreeTopology;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Prints what propagation costs: one update for many interested nodes, letting it go, the upkeep of
 * a large tree with its depth beside the formula's, how many orders a thousand runs give, and what
 * following the assignments of a fleet costs. Times are processor time of the one thread, medians
 * and worst of the calls after a warm-up.
 *
 * <p>Arguments: interested nodes (10,000), nodes of the tree (100,000), calls (300), workers
 * (5,000), portals (1,000) and chunks (100,000) of the fleet whose assignments are followed.
 */
public final class PropagationScale {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final StateId STATE = StateId.of(1);
  private static final NodeId SOURCE = NodeId.of(0);
  private static final long SECOND = 1_000_000_000L;

  private PropagationScale() {}

  /** Measures what the arguments say. */
  public static void main(String[] arguments) {
    int targets = argument(arguments, 0, 10_000);
    int tree = argument(arguments, 1, 100_000);
    int calls = argument(arguments, 2, 300);
    row("what", "median", "99 %", "worst");
    for (String kind : List.of("star", "tree of 5", "edges")) {
      schedule(kind, targets, calls, false);
    }
    schedule("star", targets, calls, true);
    upkeep(tree, 2);
    upkeep(tree, 5);
    orders(1_000);
    int workers = argument(arguments, 3, 5_000);
    int portals = argument(arguments, 4, 1_000);
    new FollowedFleet(workers, portals, argument(arguments, 5, 100_000)).measure(20);
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return index < arguments.length ? Integer.parseInt(arguments[index]) : otherwise;
  }

  private static PropagationScheduler scheduler(String kind, int targets, boolean records) {
    SplittableRandom random = new SplittableRandom(1);
    InterestMap interests = new InterestMap();
    PropagationTopology topology =
        switch (kind) {
          case "star" -> new StarTopology(SOURCE);
          case "tree of 5" -> new TreeTopology(SOURCE, 5);
          default -> new EdgeTopology();
        };
    topology.add(SOURCE);
    InterestLevel[] levels = InterestLevel.values();
    for (int i = 1; i <= targets; i++) {
      NodeId node = NodeId.of(random.nextLong());
      Link link = new Link(random.nextInt(100) * 1_000_000L, random.nextInt(101), true);
      topology.add(node, link);
      if (topology instanceof EdgeTopology edges) {
        edges.connect(new PropagationEdge(SOURCE, node, link));
      }
      interests.register(node, STATE, levels[1 + random.nextInt(4)]);
    }
    PropagationConfig config = PropagationConfig.DEFAULT;
    var builder = PropagationScheduler.builder(interests, topology).config(config);
    return records
        ? builder.recording(EvidenceLog.of(PropagationScheduler.header(config, "scale"))).build()
        : builder.build();
  }

  private static void schedule(String kind, int targets, int calls, boolean records) {
    PropagationScheduler scheduler = scheduler(kind, targets, records);
    long[] planning = new long[calls];
    long[] releasing = new long[calls];
    long now = 0;
    for (int call = -calls; call < calls; call++) {
      StateUpdate update = StateUpdate.of(STATE, SOURCE, call + calls + 1).withBytes(500_000);
      now += SECOND / 2;
      long begin = THREADS.getCurrentThreadCpuTime();
      PropagationPlan plan = scheduler.schedule(update, now);
      long planned = THREADS.getCurrentThreadCpuTime();
      int sent = scheduler.due(now + SECOND / 4).deliveries().size();
      long released = THREADS.getCurrentThreadCpuTime();
      int decided = ((PropagationPlan.Planned) plan).decisions().size();
      if (decided != targets || sent == 0) {
        throw new IllegalStateException(decided + " decisions, " + sent + " deliveries");
      }
      if (call >= 0) {
        planning[call] = planned - begin;
        releasing[call] = released - planned;
      }
    }
    String what = kind + (records ? ", recorded" : "") + ", " + targets + " interested: ";
    times(what + "schedule", planning);
    times(what + "due", releasing);
  }

  private static void upkeep(int nodes, int fanOut) {
    SplittableRandom random = new SplittableRandom(2);
    long[] ids = random.longs(nodes).map(id -> id | 1).distinct().toArray();
    TreeTopology tree = new TreeTopology(SOURCE, fanOut);
    for (int warm = 0; warm < 20; warm++) {
      tree = new TreeTopology(SOURCE, fanOut);
      each(ids, tree::add);
      each(ids, tree::remove);
    }
    long added = timed(ids, tree::add);
    String depths = depths(tree);
    long churned = timed(ids, new Churn(tree, ids, random));
    String after = depths(tree);
    shuffle(ids, random);
    long removed = timed(ids, tree::remove);
    System.out.printf(
        Locale.ROOT,
        "tree of %d, fan-out %d: add %d ns, add or remove at random %d ns, remove %d ns; %s,"
            + " after the churn %s%n",
        ids.length,
        fanOut,
        added,
        churned,
        removed,
        depths,
        after);
  }

  private record Churn(TreeTopology tree, long[] ids, SplittableRandom random)
      implements NodeConsumer {
    @Override
    public Object take(NodeId ignored) {
      NodeId node = NodeId.of(ids[random.nextInt(ids.length)]);
      return tree.contains(node) ? tree.remove(node) : tree.add(node);
    }
  }

  private interface NodeConsumer {
    Object take(NodeId node);
  }

  private static void each(long[] ids, NodeConsumer consumer) {
    for (long id : ids) {
      consumer.take(NodeId.of(id));
    }
  }

  private static long timed(long[] ids, NodeConsumer consumer) {
    long begin = THREADS.getCurrentThreadCpuTime();
    each(ids, consumer);
    return (THREADS.getCurrentThreadCpuTime() - begin) / ids.length;
  }

  /** Compares the depth of a tree with ceil(log_f(n (f - 1) + 1)) - 1. */
  private static String depths(TreeTopology tree) {
    long wanted = (long) tree.size() * (tree.fanOut() - 1) + 1;
    int power = 0;
    for (long reached = 1; reached < wanted; reached *= tree.fanOut()) {
      power++;
    }
    return "depth " + tree.depth() + " of " + tree.size() + " nodes, by the formula " + (power - 1);
  }

  private static void shuffle(long[] ids, SplittableRandom random) {
    for (int i = ids.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      long kept = ids[i];
      ids[i] = ids[other];
      ids[other] = kept;
    }
  }

  /** Counts the propagation orders that differ when equal nodes are added in another order. */
  private static void orders(int runs) {
    SplittableRandom random = new SplittableRandom(3);
    long[] ids = random.longs(200).toArray();
    long different = 0;
    List<NodeId> first = List.of();
    for (int run = 0; run < runs; run++) {
      shuffle(ids, random);
      InterestMap interests = new InterestMap();
      StarTopology star = new StarTopology(SOURCE);
      for (long id : ids) {
        star.add(NodeId.of(id), Link.DEFAULT.withLatency(Math.floorMod(id, 7)));
        int level = 1 + (int) Math.floorMod(id, 4L);
        interests.register(NodeId.of(id), STATE, InterestLevel.values()[level]);
      }
      PropagationScheduler scheduler = PropagationScheduler.of(interests, star);
      var plan = (PropagationPlan.Planned) scheduler.schedule(StateUpdate.of(STATE, SOURCE, 1), 0);
      List<NodeId> order = plan.decisions().stream().map(PropagationDecision::target).toList();
      first = run == 0 ? order : first;
      different += order.equals(first) ? 0 : 1;
    }
    System.out.printf(
        Locale.ROOT, "%d runs, %d of them in another order than the first%n", runs, different);
  }

  private static void times(String what, long[] nanos) {
    Arrays.sort(nanos);
    row(
        what,
        millis(nanos[nanos.length / 2]),
        millis(nanos[nanos.length * 99 / 100]),
        millis(nanos[nanos.length - 1]));
  }

  private static String millis(long nanos) {
    return String.format(Locale.ROOT, "%.2f ms", nanos / 1e6);
  }

  private static void row(String what, String median, String most, String worst) {
    System.out.printf(Locale.ROOT, "%-50s %10s %10s %10s%n", what, median, most, worst);
  }
}
