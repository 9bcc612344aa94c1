package dev.stowage.placement.board;

import dev.stowage.columns.IntColumn;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementInput.ReplicaBits;
import dev.stowage.placement.fleet.DomainCount;
import dev.stowage.placement.fleet.Fit;
import dev.stowage.placement.fleet.Fleet;
import dev.stowage.placement.fleet.Pool;
import dev.stowage.placement.fleet.ReplicationTargets;
import dev.stowage.placement.input.ChunkColumns;
import dev.stowage.placement.input.FlatInput;
import dev.stowage.placement.input.HeldReplicas;
import dev.stowage.placement.input.PairSet;
import java.util.Arrays;

/**
 * Judges one chunk: what it needs, and what it adds to the sums that a plan starts from. {@link
 * #admit} adds it and {@link #dismiss} subtracts it by the same code, in exact integers. So sums do
 * not depend on the order of changes, and a warm planner judges only what changed (the counting
 * algorithm for views: Gupta, Mumick and Subrahmanian, SIGMOD 1993). A verdict is valid until the
 * chunk, its replicas or workers, or its class change; the chunk is dismissed before.
 *
 * <p>Takes time by the replicas and the levels of zones; where bans or limits of domains may bind,
 * also by the bans, or by the workers of the pool, counted greedily ({@code DomainLimits} says why
 * that finds the most). A verdict knows neither room nor level: that a worker lies too high,
 * leveling finds out. {@link BlockJudge} finds the verdicts of blocks of ordinary chunks faster.
 */
public final class Judge {
  /** State bit: an established chunk below its floor. */
  static final int STARVED = 1;

  /** State bit: a new chunk. */
  static final int FRESH = 2;

  static final int ATTENTION = 4;

  /** State bit: some wanted replica is given up or misplaced. */
  static final int ODD = 8;

  public static final int MASK = 15;

  /** State bit: all replicas are wanted, sound and well placed, and the chunk is unmarked. */
  public static final int PLAIN = 128;

  private final FlatInput input;
  private final Fleet fleet;
  private final Fit fit;
  private final ReplicationTargets targets;
  private final ChunkColumns chunks;
  private final HeldReplicas held;
  private final IntColumn target;
  private final IntColumn goal;
  private final DomainCount domains;
  private final int[] zoneStamp;
  private int stamp;
  private int sound;
  private boolean odd;
  private boolean plain;

  public Judge(FlatInput input, Fleet fleet, ReplicationTargets targets, Aims aims) {
    this.input = input;
    this.fleet = fleet;
    fit = new Fit(input, fleet);
    this.targets = targets;
    target = aims.target();
    goal = aims.goal();
    chunks = input.chunks;
    held = input.held;
    domains = new DomainCount(fleet.limits, fleet.count);
    zoneStamp = new int[fleet.count];
  }

  public int admit(int chunk, Tally tally) {
    weigh(chunk, tally, 1);
    if (chunks.is(chunk, ChunkBits.PINNED)) {
      target.set(chunk, sound);
      goal.set(chunk, sound);
      return 0;
    }
    int floor = chunks.floor(chunk);
    int factor = targets.factor(chunk);
    if (factor > pool(chunk).most() || input.bans.length > 0) {
      factor = Math.min(factor, mostPossible(chunk));
    }
    target.set(chunk, factor);
    int aim = Math.max(Math.min(floor, factor), factor - chunks.recentlyLost(chunk));
    goal.set(chunk, chunks.isEnding(chunk) ? Math.min(aim, floor) : aim);
    int state = found(chunk);
    claim(chunk, tally, 1, state);
    return plain ? state | PLAIN : state;
  }

  /** Removes a replica, already gone, of a {@link #PLAIN} chunk; returns the new state. */
  public int lose(int chunk, int worker, int bits, Tally tally, int state) {
    long size = chunks.size[chunk];
    int left = held.end(chunk) - held.begin(chunk);
    tally.charge(worker, -size);
    tally.coming[worker] -= Slots.isComing(bits) ? size : 0;
    if (tally.isCounting()) {
      tally.copies[worker]--;
    }
    tally.ending[worker] -= chunks.isEnding(chunk) ? size : 0;
    tally.replicas--;
    if ((state & ATTENTION) == 0) {
      tally.quiet(targets.classOf.get(chunk), target.get(chunk), -1);
    }
    sound = left;
    odd = false;
    int found = found(chunk);
    if ((found & ATTENTION) == 0) {
      tally.quiet(targets.classOf.get(chunk), target.get(chunk), 1);
    }
    return found;
  }

  private int found(int chunk) {
    boolean fresh = chunks.isNew(chunk);
    int state = fresh ? FRESH : sound < chunks.floor(chunk) ? STARVED : 0;
    if (odd || sound != target.get(chunk) || fresh || lacksZones(chunk)) {
      state |= odd ? ATTENTION | ODD : ATTENTION;
    }
    return state;
  }

  public void dismiss(int chunk, Tally tally, int state) {
    weigh(chunk, tally, -1);
    if (!chunks.is(chunk, ChunkBits.PINNED)) {
      claim(chunk, tally, -1, state);
    }
  }

  private void claim(int chunk, Tally tally, int sign, int state) {
    long size = chunks.size[chunk];
    if (!chunks.isEnding(chunk)) {
      int pool = chunks.pool(chunk);
      tally.demand.bytes[pool].addSigned(size, sign * (long) goal.get(chunk));
      tally.demand.ask(pool, chunks.floor(chunk), goal.get(chunk), size, sign);
    }
    if ((state & ATTENTION) == 0) {
      tally.quiet(targets.classOf.get(chunk), target.get(chunk), sign);
    }
  }

  private void weigh(int chunk, Tally tally, int sign) {
    int from = held.begin(chunk);
    int to = held.end(chunk);
    int[] worker = held.worker();
    sound = to - from;
    odd = false;
    boolean crowded = fleet.limits.isAny() && domains.isCrowded(fit, held, chunk);
    plain = !crowded && isPlain(chunk, from, to);
    if (plain) {
      long size = sign * chunks.size[chunk];
      for (int i = from; i < to; i++) {
        tally.charge(worker[i], size);
        tally.coming[worker[i]] += Slots.isComing(held.bits()[i]) ? size : 0;
      }
      tally.countAll(worker, from, to, sign);
      if (chunks.isEnding(chunk)) {
        for (int i = from; i < to; i++) {
          tally.ending[worker[i]] += size;
        }
      }
    } else {
      weighEach(chunk, tally, sign);
      odd |= crowded;
    }
    tally.replicas += sign * (long) sound;
  }

  private boolean isPlain(int chunk, int from, int to) {
    boolean plain = input.bans.length == 0 && chunks.pool(chunk) == 0;
    byte[] bits = held.bits();
    int[] worker = held.worker();
    for (int i = from; plain && i < to; i++) {
      plain =
          (bits[i] & (ReplicaBits.STATE_MASK | ReplicaBits.GIVEN_UP)) == 0
              && fleet.placeable[worker[i]];
    }
    return plain;
  }

  private void weighEach(int chunk, Tally tally, int sign) {
    sound = 0;
    long size = chunks.size[chunk];
    boolean ending = chunks.isEnding(chunk);
    for (int i = held.begin(chunk); i < held.end(chunk); i++) {
      int worker = held.worker()[i];
      if (!fleet.present[worker]) {
        odd = true;
        continue;
      }
      int bits = held.bits()[i];
      boolean wanted = (bits & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
      boolean givenUp = (bits & ReplicaBits.GIVEN_UP) != 0;
      boolean misplaced = fit.isMisplaced(chunk, worker);
      tally.charge(worker, sign * size);
      tally.coming[worker] += Slots.isComing(bits) ? sign * size : 0;
      if (tally.isCounting()) {
        tally.copies[worker] += sign;
        tally.leftoverCopies[worker] += wanted ? 0 : sign;
      }
      if (misplaced) {
        tally.misplaced[worker] += sign * size;
        tally.misplacedWanted[worker] += wanted ? sign * size : 0;
      }
      sound += wanted && !givenUp ? 1 : 0;
      odd |= wanted && (givenUp || misplaced);
      if (!wanted) {
        tally.leftover[worker] += sign * size;
      } else if (ending) {
        tally.ending[worker] += sign * size;
      } else if (!fleet.placeable[worker] && (!misplaced || fleet.successor(worker) >= 0)) {
        tally.demand.bytes[chunks.pool(chunk)].addSigned(size, -sign);
      }
    }
  }

  private int mostPossible(int chunk) {
    Pool pool = pool(chunk);
    if (fleet.limits.isAny()) {
      return mostTogether(chunk, pool);
    }
    int most = pool.size();
    for (int i = held.begin(chunk); i < held.end(chunk); i++) {
      int worker = held.worker()[i];
      boolean wanted = (held.bits()[i] & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
      boolean stays = fleet.present[worker] && !fleet.placeable[worker];
      most += wanted && stays && !fit.isMisplaced(chunk, worker) ? 1 : 0;
    }
    int at = Arrays.binarySearch(input.bans, PairSet.pair(chunk, 0));
    for (int i = at < 0 ? -at - 1 : at; i < input.bans.length; i++) {
      if (PairSet.chunkOf(input.bans[i]) != chunk) {
        break;
      }
      int worker = PairSet.workerOf(input.bans[i]);
      most -= fleet.placeable[worker] && pool.admits[worker] ? 1 : 0;
    }
    return most;
  }

  private int mostTogether(int chunk, Pool pool) {
    for (int i = held.begin(chunk); i < held.end(chunk); i++) {
      int worker = held.worker()[i];
      boolean wanted = (held.bits()[i] & ReplicaBits.STATE_MASK) == ReplicaBits.ASSIGNED;
      boolean stays = fleet.present[worker] && !fleet.placeable[worker];
      if (wanted && stays && !fit.isMisplaced(chunk, worker)) {
        domains.take(worker);
      }
    }
    if (domains.size() == 0 && input.bans.length == 0) {
      return pool.most();
    }
    for (int worker : pool.placeable) {
      if (fit.admits(chunk, worker)) {
        domains.take(worker);
      }
    }
    int most = domains.size();
    domains.clear();
    return most;
  }

  private boolean lacksZones(int chunk) {
    int floor = chunks.floor(chunk);
    int eligibility = chunks.pool(chunk);
    boolean lacks = lacks(chunk, fleet.zone, fleet.zonesWanted(floor, eligibility));
    for (int level = 0; !lacks && level < fleet.inner.length; level++) {
      int wanted = fleet.innerWanted(floor, eligibility, level);
      lacks = lacks(chunk, fleet.inner[level], wanted);
    }
    return lacks;
  }

  private boolean lacks(int chunk, int[] domain, int wanted) {
    if (wanted <= 1) {
      return false;
    }
    stamp++;
    int domains = 0;
    for (int i = held.begin(chunk); i < held.end(chunk) && domains < wanted; i++) {
      int worker = held.worker()[i];
      if (fit.stays(chunk, i) && zoneStamp[domain[worker]] != stamp) {
        zoneStamp[domain[worker]] = stamp;
        domains++;
      }
    }
    return domains < wanted;
  }

  private Pool pool(int chunk) {
    return fleet.pools[chunks.pool(chunk)];
  }
}
