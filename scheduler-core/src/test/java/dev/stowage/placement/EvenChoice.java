package dev.stowage.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A check whether chunks of one size can be put on workers within a least and a most number for
 * each: a flow from the chunks, through their zones, to the workers. Shares no code with the
 * planner.
 */
final class EvenChoice {
  private final int workers;
  private final int[] zone;
  private final int zones;
  private final List<int[]> arcs = new ArrayList<>();
  private final List<List<Integer>> out = new ArrayList<>();
  private final int[] least;
  private final int[] most;
  private int wanted;

  /**
   * An empty question.
   *
   * @param zone the zone of each worker, from 0
   */
  EvenChoice(int[] zone, int[] least, int[] most) {
    this.zone = zone;
    this.least = least.clone();
    this.most = most.clone();
    workers = zone.length;
    zones = Arrays.stream(zone).max().orElse(0) + 1;
    for (int node = 0; node < workers + 2; node++) {
      out.add(new ArrayList<>());
    }
  }

  /**
   * A chunk that stays on some workers, and goes to so many of others, in a zone at most so many.
   */
  void chunk(Set<Integer> stays, Set<Integer> others, int count, int mostInZone) {
    int[] room = new int[zones];
    Arrays.fill(room, mostInZone);
    for (int worker : stays) {
      room[zone[worker]]--;
      least[worker]--;
      most[worker]--;
    }
    if (count == 0) {
      return;
    }
    wanted += count;
    int chunk = node();
    arc(workers, chunk, count);
    int[] inZone = new int[zones];
    for (int worker : others) {
      int at = zone[worker];
      if (inZone[at] == 0) {
        inZone[at] = node();
        arc(chunk, inZone[at], Math.max(0, room[at]));
      }
      arc(inZone[at], worker, 1);
    }
  }

  boolean exists() {
    int needed = 0;
    int[] sink = new int[workers];
    for (int worker = 0; worker < workers; worker++) {
      if (most[worker] < Math.max(0, least[worker])) {
        return false;
      }
      needed += Math.max(0, least[worker]);
      sink[worker] = arcs.size();
      arc(worker, workers + 1, Math.max(0, least[worker]));
    }
    int flow = 0;
    while (push()) {
      flow++;
    }
    if (flow < needed) {
      return false;
    }
    for (int worker = 0; worker < workers; worker++) {
      arcs.get(sink[worker])[1] += most[worker] - Math.max(0, least[worker]);
    }
    while (push()) {
      flow++;
    }
    return flow == wanted;
  }

  private int node() {
    out.add(new ArrayList<>());
    return out.size() - 1;
  }

  /** An arc and, beside it, the one back. */
  private void arc(int from, int to, int room) {
    out.get(from).add(arcs.size());
    arcs.add(new int[] {to, room});
    out.get(to).add(arcs.size());
    arcs.add(new int[] {from, 0});
  }

  /** Sends one more from the source to the sink. */
  private boolean push() {
    int[] by = new int[out.size()];
    Arrays.fill(by, -1);
    int[] queue = new int[out.size()];
    int count = 1;
    queue[0] = workers;
    for (int next = 0; next < count && by[workers + 1] < 0; next++) {
      for (int arc : out.get(queue[next])) {
        int to = arcs.get(arc)[0];
        if (arcs.get(arc)[1] > 0 && by[to] < 0 && to != workers) {
          by[to] = arc;
          queue[count++] = to;
        }
      }
    }
    for (int at = workers + 1; by[workers + 1] >= 0 && at != workers; ) {
      int arc = by[at];
      arcs.get(arc)[1]--;
      arcs.get(arc ^ 1)[1]++;
      at = arcs.get(arc ^ 1)[0];
    }
    return by[workers + 1] >= 0;
  }
}
