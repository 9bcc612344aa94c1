package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.contract.AfterCommitContract;
import dev.stowage.contract.BadSettingsContract;
import dev.stowage.contract.BoundsContract;
import dev.stowage.contract.HappeningsContract;
import dev.stowage.contract.InventoryPartsContract;
import dev.stowage.contract.LeavingContract;
import dev.stowage.contract.NullsContract;
import dev.stowage.contract.PartEvidenceContract;
import dev.stowage.contract.PreviewContract;
import dev.stowage.contract.QuestionsContract;
import dev.stowage.contract.RebalancingContract;
import dev.stowage.contract.RolesContract;
import dev.stowage.contract.ServiceContract;
import dev.stowage.contract.SliceSumContract;
import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.SubmitContract;
import dev.stowage.contract.TimeContract;
import dev.stowage.contract.WaitingReportsContract;
import dev.stowage.store.spi.FleetStore;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Contracts of the engine on the PostgreSQL backend. What they tell runs on the memory backend in
 * every build; those of the store itself have classes of their own.
 */
@Tag("deep")
class PostgresContractsTest {
  @Nested
  class AfterCommit extends AfterCommitContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Bounds extends BoundsContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Happenings extends HappeningsContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class InventoryParts extends InventoryPartsContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Leaving extends LeavingContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class PartEvidence extends PartEvidenceContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Preview extends PreviewContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Questions extends QuestionsContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Rebalancing extends RebalancingContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Roles extends RolesContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Service extends ServiceContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class SliceSum extends SliceSumContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class Submit extends SubmitContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  @Nested
  class WaitingReports extends WaitingReportsContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }
  }

  /** Leases that nobody can hold, and executors that run nothing. */
  @Nested
  class BadSettings extends BadSettingsContract {
    private final PostgresFixture fixture = new PostgresFixture();

    @Override
    protected StoreFixture open() {
      return fixture;
    }

    /** Asserts that the audit accepts the settings, but no lease too long for a facade. */
    @Override
    protected void checked(Stowage stowage) {
      super.checked(stowage);
      try (PostgresChunkStore reader = fixture.connect()) {
        assertThat(reader.audit().problems()).isEmpty();
        fixture.execute("UPDATE $.lease SET expires_nanos = expires_nanos + 86400000000000");
        assertThat(reader.audit().problems())
            .singleElement()
            .asString()
            .contains("table lease says that the lease runs for more than 365 days");
      }
    }
  }

  @Nested
  class Nulls extends NullsContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }

    @Override
    protected Class<? extends FleetStore> storeType() {
      return PostgresChunkStore.class;
    }

    @Test
    @SuppressWarnings("NullAway") // nulls are what it is about
    void nullOfTheBuilder_isNamed() {
      Map<String, ThrowingCallable> set = new TreeMap<>();
      set.put("source", () -> PostgresChunkStore.builder((DataSource) null));
      set.put("jdbcUrl", () -> PostgresChunkStore.builder(null, "user", ""));
      set.put("user", () -> PostgresChunkStore.builder("jdbc:postgresql:x", null, ""));
      set.put("password", () -> PostgresChunkStore.builder("jdbc:postgresql:x", "user", null));
      PostgresChunkStore.Builder builder = PostgresChunkStore.builder("jdbc:postgresql:x", "u", "");
      set.put("schema", () -> builder.schema(null));
      set.put("setup", () -> builder.setup(null));
      set.put("trustedClock", () -> builder.trustedClock(null));
      set.put("timeouts", () -> builder.timeouts(null));
      set.put("lineageTokens", () -> builder.lineageTokens(null));
      set.forEach((name, call) ->
          assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(name));
    }
  }

  @Nested
  class Time extends TimeContract {
    @Override
    protected StoreFixture open() {
      return new PostgresFixture();
    }

    @Override
    protected StoreFixture open(LongSupplier clockNanos) {
      return new PostgresFixture(
          TestServer.get(), it -> PostgresChunkStore.builder(it.source()).trustedClock(clockNanos));
    }
  }
}
