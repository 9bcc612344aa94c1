package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.lifecycle.ChunkStatus;
import dev.stowage.lifecycle.Leaving;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.WorkerId;
import dev.stowage.sim.kit.walk.StateMachine;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.ChunkStore;
import dev.stowage.store.Commit.CommitKey;
import dev.stowage.store.Commit.CommitOutcome;
import dev.stowage.store.FleetView;
import dev.stowage.store.ForwardingStore;
import dev.stowage.store.News;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores with one defect each, all of which the chains of the kit find. */
class DefectiveStoresTest {
  private static final int CHAINS = 100;
  private static final int ACTIONS = 60;

  /** The defect of a store. */
  enum Defect {
    /** Hands out no more the first of several pieces of news. */
    FORGETS_NEWS,
    /** Exchanges the first two pieces of news. */
    SWAPS_NEWS,
    /** Denies commits that took place. */
    DENIES_COMMITS,
    /** Shows readers the assignments of seven looks ago. */
    LATE_VIEW,
    /** Knows no worker that could leave. */
    EMPTY_LEAVING,
    /** Has no evidence. */
    EMPTY_EVIDENCE,
    /** Shows no news that was set aside. */
    EMPTY_QUARANTINE,
    /** Returns the states of chunks in the opposite order. */
    REVERSED_STATUS
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void defect_isFoundByChains(Defect defect) {
    StateMachine machine =
        new StateMachine(
            List.of(WalkModel.values()),
            WalkBackend.memoryAnd(StoreWorld.of(tokens -> new Defective(defect, tokens))),
            ACTIONS);
    assertThat(machine.search(CHAINS, 1, 0)).isPresent();
  }

  /** A memory store under test with a defect. */
  private static final class Defective implements StoreUnderTest {
    private final AtomicLong clock = new AtomicLong(1);
    private final MemoryChunkStore sound;
    private final ChunkStore shown;

    Defective(Defect defect, LongSupplier lineageTokens) {
      sound =
          MemoryChunkStore.builder().leaseClock(clock::get).lineageTokens(lineageTokens).build();
      shown = new Shown(sound, defect);
    }

    @Override
    public ChunkStore connect() {
      return shown;
    }

    @Override
    public void expireLease() {
      sound.lease().ifPresent(lease -> clock.set(lease.expiresAtNanos()));
    }

    @Override
    public void crash() {
      expireLease();
    }

    @Override
    public void close() {
      sound.close();
    }
  }

  private static final class Shown extends ForwardingStore {
    private final Defect defect;
    private final Deque<FleetView> views = new ArrayDeque<>();

    Shown(ChunkStore store, Defect defect) {
      super(store);
      this.defect = defect;
    }

    @Override
    protected StoreTransaction transaction(StoreTransaction begun) {
      return new ForwardingTransaction(begun) {
        @Override
        public News news() {
          return spoiled(super.news());
        }
      };
    }

    private News spoiled(News news) {
      List<News.Piece> items = new ArrayList<>(news.items());
      if (items.size() > 1 && defect == Defect.FORGETS_NEWS) {
        items.remove(0);
      } else if (items.size() > 1 && defect == Defect.SWAPS_NEWS) {
        Collections.swap(items, 0, 1);
      }
      return new News(items, news.more());
    }

    @Override
    public CommitOutcome outcomeOf(CommitKey key) {
      CommitOutcome outcome = super.outcomeOf(key);
      return defect == Defect.DENIES_COMMITS ? CommitOutcome.NOT_COMMITTED : outcome;
    }

    @Override
    public FleetView view() {
      if (defect != Defect.LATE_VIEW) {
        return super.view();
      }
      views.addLast(super.view());
      return views.size() > 7 ? views.removeFirst() : views.getFirst();
    }

    @Override
    public Optional<Leaving> leaving(WorkerId worker) {
      return defect == Defect.EMPTY_LEAVING ? Optional.empty() : super.leaving(worker);
    }

    @Override
    public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
      return defect == Defect.EMPTY_EVIDENCE ? List.of() : super.evidence(fromIndex, maxRecords);
    }

    @Override
    public List<QuarantinedNews> quarantine(long afterMark, int most) {
      return defect == Defect.EMPTY_QUARANTINE ? List.of() : super.quarantine(afterMark, most);
    }

    @Override
    public List<ChunkStatus> status(List<ChunkKey> chunks) {
      List<ChunkStatus> answer = new ArrayList<>(super.status(chunks));
      if (defect == Defect.REVERSED_STATUS) {
        Collections.reverse(answer);
      }
      return answer;
    }
  }
}
