package dev.stowage.sim.kit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.answer.Question;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.sim.kit.scenario.oracles.Finding;
import dev.stowage.sim.kit.walk.StateMachine;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.Walks;
import dev.stowage.storage.memory.MemoryChunkStore;
import dev.stowage.store.FleetView;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.Commit.CommitKey;
import dev.stowage.store.spi.Commit.CommitOutcome;
import dev.stowage.store.spi.FleetStore;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.News;
import dev.stowage.store.spi.StoreTransaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stores with one defect each, which the scenarios, the walks and the chains of the kit find. */
@Tag("deep")
class DefectiveStoresTest {
  private static final int CHAINS = 100;
  private static final int ACTIONS = 60;
  private static final int WALKS = 20;
  private static final int STEPS = 200;

  /** The defect of a store, with the scenario file and the model of walks that find it. */
  enum Defect {
    /** Hands out no more the first of several pieces of news. */
    FORGETS_NEWS("868", WalkModel.GUIDED),
    /** Hands out no more the last of several pieces of news. */
    FORGETS_LAST_NEWS("868", WalkModel.GUIDED),
    /** Hands out no more a piece of news that is alone. */
    FORGETS_LONE_NEWS("868", WalkModel.GUIDED),
    /** Exchanges the first two pieces of news. */
    SWAPS_NEWS("869", WalkModel.GUIDED),
    /** Hands out once more what a commit took in. */
    REPEATS_NEWS("870", WalkModel.GUIDED),
    /** Denies commits that took place. */
    DENIES_COMMITS("815", WalkModel.CRASH),
    /** Shows readers the assignments of seven looks ago. */
    LATE_VIEW("00", WalkModel.GUIDED),
    /** Knows no worker that could leave. */
    EMPTY_LEAVING("00", WalkModel.GUIDED),
    /** Has no evidence. */
    EMPTY_EVIDENCE("00", WalkModel.GUIDED),
    /** Has no evidence of the last record of each commit. */
    SHORT_EVIDENCE("00", WalkModel.GUIDED),
    /** Shows no news that was set aside. */
    EMPTY_QUARANTINE("850", WalkModel.CHURN),
    /** Returns the states of chunks in the opposite order. */
    REVERSED_STATUS("00", WalkModel.GUIDED);

    private final String scenario;
    private final WalkModel model;

    Defect(String scenario, WalkModel model) {
      this.scenario = scenario;
      this.model = model;
    }

    StoreUnderTest.Maker stores() {
      return tokens -> new Defective(this, tokens);
    }

    WalkBackend worlds() {
      return WalkBackend.memoryAnd(StoreWorld.of(stores()));
    }
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void defect_isFoundByAScenario(Defect defect) {
    Check scenario =
        Conformance.of(defect.stores()).scenarios().stream()
            .filter(check -> check.name().startsWith(defect.scenario + "-"))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(scenario::run).isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void defect_isFoundByWalks(Defect defect) {
    assertThat(
            LongStream.rangeClosed(1, WALKS)
                .mapToObj(seed -> Walks.one(defect.model, seed, STEPS, defect.worlds()))
                .filter(result -> result.finding().isPresent())
                .findFirst())
        .isPresent();
  }

  @ParameterizedTest
  @EnumSource(names = {"EMPTY_EVIDENCE", "SHORT_EVIDENCE"})
  void defectOfEvidence_isFoundByAWalkAlone(Defect defect) {
    WalkBackend alone = WalkBackend.alone(StoreWorld.of(defect.stores()));
    assertThat(Walks.one(WalkModel.SWARM, 2, 1, alone).finding())
        .map(Finding::kind)
        .contains("evidence is kept");
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void defect_isFoundByChains(Defect defect) {
    StateMachine machine = new StateMachine(List.of(WalkModel.values()), defect.worlds(), ACTIONS);
    assertThat(machine.search(CHAINS, 1, 0)).isPresent();
  }

  /** A memory store under test with a defect. */
  private static final class Defective implements StoreUnderTest {
    private final AtomicLong clock = new AtomicLong(1);
    private final MemoryChunkStore sound;
    private final FleetStore shown;

    Defective(Defect defect, LongSupplier lineageTokens) {
      sound =
          MemoryChunkStore.builder().leaseClock(clock::get).lineageTokens(lineageTokens).build();
      shown = new Shown(sound, defect);
    }

    @Override
    public FleetStore connect() {
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
    private List<News.Piece> again = List.of();

    Shown(FleetStore store, Defect defect) {
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

        @Override
        public void commit(Commit commit) {
          again = defect == Defect.REPEATS_NEWS ? super.news().items() : List.of();
          super.commit(commit);
        }
      };
    }

    private News spoiled(News news) {
      List<News.Piece> items = new ArrayList<>(again);
      items.addAll(news.items());
      switch (defect) {
        case FORGETS_NEWS -> items.subList(0, items.size() > 1 ? 1 : 0).clear();
        case FORGETS_LAST_NEWS ->
            items.subList(items.size() > 1 ? items.size() - 1 : items.size(), items.size()).clear();
        case FORGETS_LONE_NEWS -> items.subList(0, items.size() == 1 ? 1 : 0).clear();
        case SWAPS_NEWS -> Collections.reverse(items.subList(0, Math.min(2, items.size())));
        default -> {}
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
    @SuppressWarnings("unchecked")
    public <R> R ask(Question<R> question) {
      R answer = super.ask(question);
      if (defect == Defect.EMPTY_LEAVING && answer instanceof Optional) {
        return (R) Optional.empty();
      }
      if (defect == Defect.REVERSED_STATUS && answer instanceof List<?> list) {
        List<?> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return (R) reversed;
      }
      return answer;
    }

    @Override
    public List<EvidenceRecord> evidence(long fromIndex, int maxRecords) {
      List<EvidenceRecord> records = super.evidence(fromIndex, maxRecords);
      return switch (defect) {
        case EMPTY_EVIDENCE -> List.of();
        case SHORT_EVIDENCE -> records.subList(0, Math.max(0, records.size() - 1));
        default -> records;
      };
    }

    @Override
    public List<QuarantinedNews> quarantine(long afterMark, int most) {
      return defect == Defect.EMPTY_QUARANTINE ? List.of() : super.quarantine(afterMark, most);
    }
  }
}
