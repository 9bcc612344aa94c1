package dev.stowage.propagation.paths;

import dev.stowage.columns.Growth;
import dev.stowage.columns.LongIndex;
import dev.stowage.propagation.Link;
import dev.stowage.propagation.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Nodes and their links in flat columns; removing moves the last node into the hole. */
public final class NodeColumns {
  static final int NONE = LongIndex.NONE;

  private final LongIndex index = new LongIndex();
  private long[] ids = new long[8];
  private long[] latencies = new long[8];
  private byte[] bandwidths = new byte[8];
  private boolean[] active = new boolean[8];
  private int size;

  public int size() {
    return size;
  }

  public int find(NodeId node) {
    return index.find(node.value());
  }

  public void add(NodeId node, Link link) {
    if (size == ids.length) {
      int capacity = Growth.capacity(size * 2L, size + 1L);
      ids = Arrays.copyOf(ids, capacity);
      latencies = Arrays.copyOf(latencies, capacity);
      bandwidths = Arrays.copyOf(bandwidths, capacity);
      active = Arrays.copyOf(active, capacity);
    }
    ids[size] = node.value();
    link(size, link);
    index.put(node.value(), size++);
  }

  public void remove(int position) {
    index.remove(ids[position]);
    int last = --size;
    if (position != last) {
      ids[position] = ids[last];
      latencies[position] = latencies[last];
      bandwidths[position] = bandwidths[last];
      active[position] = active[last];
      index.put(ids[position], position);
    }
  }

  public void link(int position, Link link) {
    latencies[position] = link.latencyNanos();
    bandwidths[position] = (byte) link.bandwidth();
    active[position] = link.active();
  }

  public Link linkOf(int position) {
    return new Link(latencies[position], bandwidths[position], active[position]);
  }

  public NodeId node(int position) {
    return new NodeId(ids[position]);
  }

  public long latency(int position) {
    return latencies[position];
  }

  public int bandwidth(int position) {
    return bandwidths[position];
  }

  public boolean isActive(int position) {
    return active[position];
  }

  public List<NodeId> sorted(int from, int to) {
    List<NodeId> nodes = new ArrayList<>(Math.max(0, to - from));
    for (int position = from; position < to; position++) {
      nodes.add(node(position));
    }
    nodes.sort(null);
    return nodes;
  }
}
