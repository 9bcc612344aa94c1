package dev.stowage.placement.answer;

import dev.stowage.model.Eligibility;
import dev.stowage.placement.PlacementConfig;
import dev.stowage.placement.board.Board;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Explains backpressure; weighs floors as the replication targets do, to find equal sets. */
public final class Tightness {
  private static final String BACKPRESSURE = "Backpressure: the floors alone ";

  private final Board board;
  private final Map<Integer, BitSet> membersOf = new LinkedHashMap<>();
  private final Map<Integer, BigInteger> floorsOf = new LinkedHashMap<>();

  private Tightness(Board board) {
    this.board = board;
    for (int chunk : board.catalogue.canonicalChunks()) {
      int eligibility = board.chunks.pool(chunk);
      BigInteger size = BigInteger.valueOf(board.chunks.size[chunk]);
      membersOf.computeIfAbsent(eligibility, this::members);
      floorsOf.merge(
          eligibility,
          size.multiply(BigInteger.valueOf(board.chunks.floor(chunk))),
          BigInteger::add);
    }
  }

  public static List<String> of(Board board) {
    List<String> lines = new Tightness(board).lines();
    return lines.isEmpty()
        ? List.of(BACKPRESSURE + "exceed what saturation allows the fleet to hold.")
        : lines;
  }

  private List<String> lines() {
    Map<BitSet, Eligibility> sets = new LinkedHashMap<>();
    for (int eligibility : board.fleet.poolOrder) {
      BitSet members = membersOf.get(eligibility);
      if (members != null) {
        sets.putIfAbsent(members, board.input.pools.get(eligibility).eligibility());
      }
    }
    List<String> lines = new ArrayList<>();
    sets.forEach((members, needs) -> {
      BigInteger floors = floorsWithin(members);
      String with = Words.with(needs);
      String who = with.isEmpty() ? "the fleet" : "the workers" + with;
      if (members.isEmpty() && floors.signum() > 0) {
        lines.add(BACKPRESSURE + "need a worker" + with + " that stays, and there is none.");
      } else if (floors.compareTo(allowed(members, board.fleet.capacity)) > 0) {
        lines.add(BACKPRESSURE + "exceed what saturation allows " + who + " to hold.");
      } else if (floors.compareTo(allowed(members, board.reach)) > 0) {
        lines.add(
            BACKPRESSURE
                + "exceed what saturation allows of the replicas that max_replicas lets "
                + who
                + " hold.");
      }
    });
    return lines;
  }

  private BitSet members(int eligibility) {
    BitSet members = new BitSet();
    for (int worker : board.fleet.order) {
      boolean stays = board.fleet.present[worker] && !board.fleet.leaving[worker];
      members.set(worker, stays && board.fleet.pools[eligibility].admits[worker]);
    }
    return members;
  }

  private BigInteger floorsWithin(BitSet members) {
    BigInteger floors = BigInteger.ZERO;
    for (Map.Entry<Integer, BigInteger> each : floorsOf.entrySet()) {
      BitSet outside = (BitSet) membersOf.getOrDefault(each.getKey(), members).clone();
      outside.andNot(members);
      floors = outside.isEmpty() ? floors.add(each.getValue()) : floors;
    }
    return floors;
  }

  private BigInteger allowed(BitSet members, long[] room) {
    BigInteger all = BigInteger.ZERO;
    for (int worker = members.nextSetBit(0); worker >= 0; worker = members.nextSetBit(worker + 1)) {
      all = all.add(BigInteger.valueOf(room[worker]));
    }
    return all.multiply(BigInteger.valueOf(board.input.config.saturationMillionths()))
        .divide(BigInteger.valueOf(PlacementConfig.ONE));
  }
}
