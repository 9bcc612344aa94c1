package dev.stowage.placement.phases;

import dev.stowage.columns.IntList;
import dev.stowage.placement.board.Board;
import dev.stowage.placement.fleet.DomainLimits;
import dev.stowage.placement.fleet.Fleet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The domains of workers as a tree; equivalent ones share a node, so regular trees are small. */
final class DomainTree {
  static final int ROOT = 0;

  final IntList depth = new IntList();

  /** The end of each node's descendants, which follow the node. */
  final IntList end = new IntList();

  final IntList count = new IntList();

  final List<int[]> workers = new ArrayList<>();

  /** The index of each level among the spreading levels, or -1. */
  final int[] spread;

  final int[] limit;

  private final int[][] domain;
  private final int[] kind;
  private final Map<List<Integer>, Integer> kinds = new HashMap<>();

  /** Creates a tree of canonical workers; those of one {@code kind} differ only by domain. */
  DomainTree(Board board, int[] members, int[] kind) {
    this.kind = kind;
    Fleet fleet = board.fleet;
    DomainLimits limits = fleet.limits;
    TreeMap<Integer, int[]> domains = new TreeMap<>();
    Map<Integer, Integer> spreads = new HashMap<>();
    Map<Integer, Integer> mosts = new HashMap<>();
    for (int level = 0; fleet.zones > 1 && level <= fleet.inner.length; level++) {
      domains.put(fleet.levelNumbers[level], level == 0 ? fleet.zone : fleet.inner[level - 1]);
      spreads.put(fleet.levelNumbers[level], level);
    }
    for (int level = 0; level < limits.levels(); level++) {
      domains.putIfAbsent(limits.levelNumbers[level], limits.domain[level]);
      mosts.put(limits.levelNumbers[level], limits.most[level]);
    }
    domain = domains.values().toArray(new int[0][]);
    spread = domains.keySet().stream().mapToInt(it -> spreads.getOrDefault(it, -1)).toArray();
    limit =
        domains.keySet().stream()
            .mapToInt(it -> mosts.getOrDefault(it, Integer.MAX_VALUE))
            .toArray();
    grow(List.of(members), 0);
  }

  int size() {
    return depth.size();
  }

  int levels() {
    return domain.length;
  }

  boolean isLeaf(int node) {
    return depth.get(node) > levels();
  }

  IntList at(int node, int wanted) {
    IntList found = new IntList();
    for (int each = node; each < end.get(node); each++) {
      if (depth.get(each) == wanted) {
        found.add(each);
      }
    }
    return found;
  }

  int limitOf(int node) {
    int level = depth.get(node) - 1;
    return level < 0 || level >= limit.length ? Integer.MAX_VALUE : limit[level];
  }

  private void grow(List<int[]> alike, int deep) {
    int node = add(deep, alike.size());
    Map<Integer, List<int[]>> inside = new LinkedHashMap<>();
    for (int[] each : alike) {
      for (int[] part : parts(each, deep)) {
        inside.computeIfAbsent(kindOf(part, deep + 1), key -> new ArrayList<>()).add(part);
      }
    }
    for (List<int[]> parts : inside.values()) {
      if (deep < levels()) {
        grow(parts, deep + 1);
      } else {
        int leaf = add(deep + 1, parts.size());
        workers.set(leaf, parts.stream().mapToInt(part -> part[0]).toArray());
        end.set(leaf, leaf + 1);
      }
    }
    end.set(node, size());
  }

  private int add(int deep, int domains) {
    depth.add(deep);
    count.add(domains);
    end.add(0);
    workers.add(new int[0]);
    return size() - 1;
  }

  private List<int[]> parts(int[] members, int deep) {
    if (deep == levels()) {
      return Arrays.stream(members).mapToObj(worker -> new int[] {worker}).toList();
    }
    Map<Integer, IntList> parts = new LinkedHashMap<>();
    for (int worker : members) {
      parts.computeIfAbsent(domain[deep][worker], key -> new IntList()).add(worker);
    }
    return parts.values().stream().map(IntList::toArray).toList();
  }

  private int kindOf(int[] members, int deep) {
    List<Integer> inside = new ArrayList<>();
    inside.add(deep);
    if (deep > levels()) {
      inside.add(kind[members[0]]);
    } else {
      parts(members, deep).stream()
          .map(part -> kindOf(part, deep + 1))
          .sorted()
          .forEach(inside::add);
    }
    return kinds.computeIfAbsent(inside, key -> kinds.size());
  }
}
