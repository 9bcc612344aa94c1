package dev.stowage.contract;

import dev.stowage.StowageListener;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.evidence.EvidenceSink;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlanner;
import dev.stowage.store.FleetView.AssignmentIds;
import dev.stowage.store.StorageException;
import dev.stowage.store.StorageException.Outcome;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.LoadedFleet;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreSession;
import dev.stowage.store.spi.StoreSession.HistoryHorizon;
import dev.stowage.store.spi.StoreTransaction;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Faults at every seam between a decision and its answer, drawn from a seed: in the store, in the
 * host's recorder, listener and planner; exceptions and errors. Nothing fails before it {@link
 * #begin}s, and after it {@link #end}ed. Counts where it struck.
 */
final class Storm {
  private final Random draw;
  private final Map<String, Integer> strikes = new TreeMap<>();
  private boolean blows;
  private boolean isDoubtful;

  Storm(long seed) {
    draw = new Random(seed);
  }

  Storm begin() {
    blows = true;
    isDoubtful = false;
    return this;
  }

  void end() {
    blows = false;
  }

  /** Reports whether the outcome of some commit since the start of the storm is unknown. */
  boolean isDoubtful() {
    return isDoubtful;
  }

  Map<String, Integer> strikes() {
    return strikes;
  }

  /** Throws, one time of so many. */
  private void strike(String where, int oneOf) {
    if (!blows || draw.nextInt(oneOf) != 0) {
      return;
    }
    strikes.merge(where, 1, Integer::sum);
    switch (draw.nextInt(3)) {
      case 0 -> throw new IllegalStateException("storm at " + where);
      case 1 -> throw new StackOverflowError("storm at " + where);
      default -> throw new AssertionError("storm at " + where);
    }
  }

  /** Throws as a store does that lost its connection. */
  private void cut(String where, Outcome outcome, int oneOf) {
    if (blows && draw.nextInt(oneOf) == 0) {
      strikes.merge(where, 1, Integer::sum);
      throw new StorageException.Transient("storm at " + where, outcome, null);
    }
  }

  PlacementPlanner planner() {
    return input -> {
      strike("planner", 8);
      return PlacementPlanner.sticky().plan(input);
    };
  }

  StowageListener listener() {
    return new StowageListener() {
      @Override
      public void executed(Tick tick, Command<?> command, Result result) {
        strike("executed", 4);
      }

      @Override
      public void leading(long epoch) {
        strike("leading", 2);
      }

      @Override
      public void following(String reason) {
        strike("following", 2);
      }

      @Override
      public void failed(Throwable failure) {
        strike("failed", 2);
      }
    };
  }

  EvidenceSink recorder() {
    return batch -> strike("recorder", 2);
  }

  FleetStore over(FleetStore store) {
    return new ForwardingStore(store) {
      @Override
      public CommitOutcome outcomeOf(CommitKey key) {
        if (blows && draw.nextBoolean()) {
          isDoubtful = true;
          strikes.merge("outcome", 1, Integer::sum);
          if (draw.nextBoolean()) {
            throw new StorageException.Transient("storm", Outcome.NOT_COMMITTED, null);
          }
          throw new StackOverflowError("storm at outcome");
        }
        return super.outcomeOf(key);
      }

      @Override
      protected StoreSession session(StoreSession granted) {
        return new StormySession(granted, Storm.this);
      }
    };
  }

  private static final class StormySession extends ForwardingStore.ForwardingSession {
    private final Storm storm;

    StormySession(StoreSession session, Storm storm) {
      super(session);
      this.storm = storm;
    }

    @Override
    public LoadedFleet load() {
      storm.cut("load", Outcome.NOT_COMMITTED, 3);
      return super.load();
    }

    @Override
    public int trimHistory(HistoryHorizon horizon, int maxRows) {
      storm.strike("retention", 2);
      return super.trimHistory(horizon, maxRows);
    }

    @Override
    public StoreTransaction begin() {
      storm.cut("begin", Outcome.NOT_COMMITTED, 12);
      return super.begin();
    }

    @Override
    protected StoreTransaction transaction(StoreTransaction begun) {
      return new StormyTransaction(begun, storm);
    }
  }

  private static final class StormyTransaction extends ForwardingStore.ForwardingTransaction {
    private final Storm storm;

    StormyTransaction(StoreTransaction transaction, Storm storm) {
      super(transaction);
      this.storm = storm;
    }

    @Override
    public News news() {
      storm.strike("news", 12);
      return super.news();
    }

    @Override
    public void commit(Commit commit) {
      storm.cut("before the commit", Outcome.NOT_COMMITTED, 10);
      storm.cut("before the commit, unknown", Outcome.UNKNOWN, 10);
      storm.strike("before the commit", 10);
      super.commit(commit);
      storm.cut("after the commit, unknown", Outcome.UNKNOWN, 6);
      storm.strike("after the commit", 6);
    }

    @Override
    public void advance(AssignmentIds expected, Tick largestTick, long clockNanos) {
      storm.cut("before the tick", Outcome.NOT_COMMITTED, 6);
      super.advance(expected, largestTick, clockNanos);
      if (storm.blows && storm.draw.nextInt(3) == 0) {
        storm.isDoubtful = true;
        storm.strikes.merge("after the tick", 1, Integer::sum);
        throw new StorageException.Transient("storm", Outcome.UNKNOWN, null);
      }
    }

    @Override
    public void verifyLease(AssignmentIds expected) {
      super.verifyLease(expected);
      storm.strike("lease", 8);
    }

    @Override
    public void close() {
      super.close();
      storm.strike("close", 8);
    }
  }
}
