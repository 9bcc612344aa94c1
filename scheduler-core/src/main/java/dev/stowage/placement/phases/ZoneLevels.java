package dev.stowage.placement.phases;

import dev.stowage.placement.board.Board;
import dev.stowage.placement.board.Demand;
import dev.stowage.placement.fleet.DomainLimits;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Splits workers that could share one level where spreading, or {@code max_per_domain}, keeps the
 * large zones from it. Whatever k zones hold, so many bytes have to lie outside of them that each
 * chunk lies in as many zones as it should, and that none has more replicas of it than it may; so
 * the zones that would hold too much at the common fill are levelled by themselves, the tightest
 * first, and the others share what is left. That is the most even distribution, since what a set of
 * zones can hold at most depends only on how many they are, and grows ever less.
 */
final class ZoneLevels {
  /** Less than this share of all bytes is a rounding of the search. */
  private static final double NOTHING = 1e-9;

  /** Some zones, the bytes that lie in them, and their capacity. */
  record Part(BitSet workers, double bytes, double room) {
    private double fill() {
      return room > 0 ? bytes / room : 0;
    }

    private Part with(double more) {
      return new Part(workers, bytes + more, room);
    }

    private Part with(Part other) {
      BitSet both = (BitSet) workers.clone();
      both.or(other.workers);
      return new Part(both, bytes + other.bytes, room + other.room);
    }
  }

  private final Board board;

  /** The zone of each worker. */
  private final int[] domain;

  /** The zones in the order of what they hold at the fill that is looked at; closed ones first. */
  private final Integer[] zones;

  private final double[] capacity;

  /** Bytes on workers that are not levelled. */
  private final double[] fixed;

  /** The bytes that have to lie outside of so many zones. */
  private final double[] outside;

  private final double all;
  private int closed;
  private double spent;

  private ZoneLevels(Board board, BitSet workers, double bytes) {
    this.board = board;
    boolean isSpread = board.fleet.zones > 1;
    domain = isSpread ? board.fleet.zone : board.fleet.limits.domain[0];
    int count = isSpread ? board.fleet.zones : board.fleet.limits.count(0);
    capacity = new double[count];
    fixed = new double[count];
    outside = new double[count + 1];
    BitSet seen = new BitSet();
    double elsewhere = 0;
    for (int worker : board.fleet.order) {
      int zone = domain[worker];
      if (workers.get(worker)) {
        capacity[zone] += board.reach[worker];
        seen.set(zone);
      }
    }
    for (int worker : board.fleet.order) {
      int zone = domain[worker];
      boolean stays = board.fleet.present[worker] && !board.fleet.leaving[worker];
      if (stays && !board.fleet.placeable[worker]) {
        fixed[zone] += board.wantedBytes(worker);
        elsewhere += board.wantedBytes(worker);
        seen.set(zone);
      }
    }
    zones = seen.stream().boxed().toArray(Integer[]::new);
    all = bytes + elsewhere;
  }

  /**
   * The parts of some workers that have a level each, or none if all can share one.
   *
   * @param pools the pools whose bytes are levelled on these workers
   */
  static Part[] of(Board board, BitSet workers, double bytes, Demand demand, int[] pools) {
    ZoneLevels levels = new ZoneLevels(board, workers, bytes);
    if (levels.zones.length < 2) {
      return new Part[0];
    }
    for (int pool : pools) {
      for (int count = 1; count < levels.zones.length; count++) {
        levels.outside[count] += levels.outside(pool, count, demand);
      }
    }
    return levels.split(workers);
  }

  /** The bytes of a pool that have to lie outside of so many zones, for one reason or the other. */
  private long outside(int pool, int count, Demand demand) {
    int most = board.fleet.zonesWanted(Integer.MAX_VALUE, pool);
    long spread = board.fleet.zones > 1 ? demand.outside(pool, count, most).saturated() : 0;
    DomainLimits limits = board.fleet.limits;
    boolean isLimited = limits.isAny() && (domain == limits.domain[0] || isOfFirstLimit());
    return isLimited
        ? Math.max(spread, demand.beyond(pool, count, limits.most[0]).saturated())
        : spread;
  }

  /** Whether the zones that spreading looks at are those of the outermost level with a limit. */
  private boolean isOfFirstLimit() {
    return board.fleet.levelNumbers[0] == board.fleet.limits.levelNumbers[0];
  }

  private Part[] split(BitSet workers) {
    Part[] parts = new Part[zones.length];
    int count = 0;
    while (closed < zones.length) {
      int tight = tightest();
      if (count == 0 && tight == zones.length) {
        return new Part[0];
      }
      double held = most(tight) - spent;
      double room = 0;
      BitSet members = new BitSet();
      for (int i = closed; i < tight; i++) {
        held -= fixed[zones[i]];
        room += capacity[zones[i]];
        addMembers(zones[i], workers, members);
      }
      parts[count++] = new Part(members, Math.max(0, held), room);
      spent = most(tight);
      closed = tight;
    }
    return withinRoom(Arrays.copyOf(parts, count));
  }

  /**
   * What some zones have no room for goes on top of the others, lowest first: chunks that cannot
   * lie there lie in fewer zones.
   */
  private static Part[] withinRoom(Part[] parts) {
    double excess = 0;
    int below = 0;
    for (Part part : parts) {
      double over = Math.max(0, part.bytes - part.room);
      excess += over;
      below += over > 0 ? 0 : 1;
    }
    if (excess == 0 || below == 0) {
      return excess == 0 ? parts : new Part[0];
    }
    Part lowest = parts[0].with(excess);
    int next = 1;
    while (next < below && lowest.fill() > parts[next].fill()) {
      lowest = lowest.with(parts[next++]);
    }
    Part[] within = Arrays.copyOfRange(parts, next - 1, parts.length);
    within[0] = lowest;
    for (int i = below - next + 1; i < within.length; i++) {
      within[i] = within[i].with(within[i].room - within[i].bytes);
    }
    return within;
  }

  private void addMembers(int zone, BitSet workers, BitSet members) {
    workers.stream().filter(worker -> domain[worker] == zone).forEach(members::set);
  }

  /** What so many zones hold at most. */
  private double most(int count) {
    return count == zones.length ? all : Math.max(spent, all - outside[count]);
  }

  /** Orders the open zones; returns the end of those that are the first to be full. */
  private int tightest() {
    int end = zones.length;
    while (true) {
      double fill = fill(end);
      Arrays.sort(
          zones,
          closed,
          zones.length,
          (one, other) -> {
            int order = Double.compare(held(other, fill), held(one, fill));
            return order != 0 ? order : Integer.compare(one, other);
          });
      double sum = spent;
      double worst = all * NOTHING;
      int found = end;
      // Fewer zones each time, so that the search ends whatever lies where nothing is levelled.
      for (int i = closed; i < end - 1; i++) {
        sum += held(zones[i], fill);
        if (sum - most(i + 1) > worst) {
          worst = sum - most(i + 1);
          found = i + 1;
        }
      }
      if (worst <= all * NOTHING) {
        return end;
      }
      end = found;
    }
  }

  /** The common fill of the open zones before an end. */
  private double fill(int end) {
    double bytes = most(end) - spent;
    double room = 0;
    for (int i = closed; i < end; i++) {
      bytes -= fixed[zones[i]];
      room += capacity[zones[i]];
    }
    return room > 0 ? Math.max(0, bytes) / room : 0;
  }

  private double held(int zone, double fill) {
    return fill * capacity[zone] + fixed[zone];
  }
}
