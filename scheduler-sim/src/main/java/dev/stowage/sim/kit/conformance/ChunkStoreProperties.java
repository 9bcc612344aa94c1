package dev.stowage.sim.kit.conformance;

import dev.stowage.contract.AfterCommitContract;
import dev.stowage.contract.BoundsContract;
import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.InventoryPartsContract;
import dev.stowage.contract.LeaseContract;
import dev.stowage.contract.NullsContract;
import dev.stowage.contract.QuarantineContract;
import dev.stowage.contract.QuestionsContract;
import dev.stowage.contract.RolesContract;
import dev.stowage.contract.ServiceContract;
import dev.stowage.contract.SliceSumContract;
import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StoreLeaseContract;
import dev.stowage.contract.StowageContract;
import dev.stowage.contract.TimeContract;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Every test that a {@link dev.stowage.store.spi.FleetStore} has to pass: the contracts, all
 * scenario files, and drawn walks within a budget. Whoever writes a store extends this class, says
 * how the store is opened, and changes nothing else. What a store is not made to do is skipped,
 * each test with its reason.
 *
 * <p>The class needs JUnit 5.10 to 6. JUnit 5.14 comes with this jar.
 */
public abstract class ChunkStoreProperties {
  @RegisterExtension static final ParameterResolver BUDGETS = new BudgetParameter();

  /** For subclasses. */
  protected ChunkStoreProperties() {}

  /**
   * Opens a fresh store, whose fleet has not begun, and which has no clock that its fleet trusts.
   *
   * @param lineageTokens where the store draws the tokens of new lineages from, for as long as it
   *     is there: they are part of the state that is compared
   */
  protected abstract StoreUnderTest open(LongSupplier lineageTokens);

  /**
   * Opens a fresh store as {@link #open(LongSupplier)} does, but one whose fleet trusts a clock. A
   * store without such a clock leaves the method as it is: the tests of it are skipped.
   *
   * @param lineageTokens where the store draws the tokens of new lineages from
   * @param trustedNanos the clock of the store, in nanoseconds; leases run by it too
   */
  protected StoreUnderTest open(LongSupplier lineageTokens, LongSupplier trustedNanos) {
    String reason = "this store has no clock that a fleet trusts";
    ProgressLog.skipped("a test of such a clock", reason);
    return Assumptions.abort(reason);
  }

  /**
   * Returns what the drawn part may cost; the standard budget, unless a subclass says otherwise.
   */
  protected Budget budget() {
    return Budget.standard();
  }

  @TestFactory
  Stream<DynamicTest> scenario_holds() {
    return tests(Conformance.of(this::open).scenarios());
  }

  @TestFactory
  Stream<DynamicTest> walk_findsNothing(Budget budget) {
    if (budget.walks() == 0) {
      return Stream.empty();
    }
    return tests(Conformance.of(this::open).walks(budget.walks(), budget.steps(), budget.seed()));
  }

  @TestFactory
  Stream<DynamicTest> chain_findsNothing(Budget budget) {
    if (budget.chains() == 0) {
      return Stream.empty();
    }
    return tests(
        Conformance.of(this::open).chains(budget.chains(), budget.actions(), budget.seed()));
  }

  private static Stream<DynamicTest> tests(List<Check> checks) {
    return checks.stream().map(ChunkStoreProperties::test);
  }

  private static DynamicTest test(Check check) {
    return DynamicTest.dynamicTest(
        check.name(),
        () -> {
          check
              .obstacle()
              .ifPresent(reason -> {
                ProgressLog.skipped(check.name(), reason);
                Assumptions.abort(reason);
              });
          check.run();
        });
  }

  private StoreFixture fresh() {
    return ContractFixture.of(this::open);
  }

  // ---- the contracts ----

  /** The interface itself: leases, fencing, atomicity, news, evidence, views. */
  @Nested
  class Store extends ChunkStoreContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Lease durations: renewals, extensions, and claims during a transaction. */
  @Nested
  class StoreLease extends StoreLeaseContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** A small fleet through the facade: crashes, takeovers, lost and unknown commits. */
  @Nested
  class Facade extends StowageContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Facades whose leases are over before a load, a plan or a commit is. */
  @Nested
  class FacadeLease extends LeaseContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Faults at every seam between a decision and its answer. */
  @Nested
  class AfterCommit extends AfterCommitContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** A leader that was deposed, and a facade that was closed. */
  @Nested
  class Roles extends RolesContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** News that cannot be taken in. */
  @Nested
  class Quarantine extends QuarantineContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Two services on one store; what a service survives. */
  @Nested
  class Service extends ServiceContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** The checksum of each slice, and the deltas that lead to it. */
  @Nested
  class Slices extends SliceSumContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Wrong clocks, the clock of the store, times set by hand, mass silence. */
  @Nested
  class Time extends TimeContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }

    @Override
    protected StoreFixture open(LongSupplier trustedNanos) {
      return ContractFixture.of(tokens -> ChunkStoreProperties.this.open(tokens, trustedNanos));
    }
  }

  /** Inventories in parts, at both doors and over takeovers. */
  @Nested
  class Inventories extends InventoryPartsContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Commands beyond the size bounds, at both doors. */
  @Nested
  class Bounds extends BoundsContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Questions, answered alike by leader, follower and store. */
  @Nested
  class Asked extends QuestionsContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }

  /** Nulls are refused by name, at both doors. */
  @Nested
  class Nulls extends NullsContract {
    @Override
    protected StoreFixture open() {
      return fresh();
    }
  }
}
