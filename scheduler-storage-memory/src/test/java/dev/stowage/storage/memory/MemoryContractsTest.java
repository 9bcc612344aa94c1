package dev.stowage.storage.memory;

import dev.stowage.contract.AfterCommitContract;
import dev.stowage.contract.BadSettingsContract;
import dev.stowage.contract.BoundsContract;
import dev.stowage.contract.BoundsProperties;
import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.HappeningsContract;
import dev.stowage.contract.InventoryPartsContract;
import dev.stowage.contract.LeaseContract;
import dev.stowage.contract.LeavingContract;
import dev.stowage.contract.NullsContract;
import dev.stowage.contract.PartEvidenceContract;
import dev.stowage.contract.PreviewContract;
import dev.stowage.contract.QuarantineContract;
import dev.stowage.contract.QuestionsContract;
import dev.stowage.contract.RebalancingContract;
import dev.stowage.contract.RolesContract;
import dev.stowage.contract.ServiceContract;
import dev.stowage.contract.SliceSumContract;
import dev.stowage.contract.StoreFixture;
import dev.stowage.contract.StoreLeaseContract;
import dev.stowage.contract.StormContract;
import dev.stowage.contract.StowageContract;
import dev.stowage.contract.SubmitContract;
import dev.stowage.contract.TimeContract;
import dev.stowage.contract.WaitingReportsContract;
import dev.stowage.store.spi.FleetStore;
import java.util.function.LongSupplier;
import net.jqwik.api.Group;
import org.junit.jupiter.api.Nested;

/** Every contract of a store, on the memory backend. */
class MemoryContractsTest {
  @Nested
  class AfterCommit extends AfterCommitContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class BadSettings extends BadSettingsContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Group
  class DrawnBounds extends BoundsProperties {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Bounds extends BoundsContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Store extends ChunkStoreContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Happenings extends HappeningsContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class InventoryParts extends InventoryPartsContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Lease extends LeaseContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Leaving extends LeavingContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Nulls extends NullsContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }

    @Override
    protected Class<? extends FleetStore> storeType() {
      return MemoryChunkStore.class;
    }
  }

  @Nested
  class PartEvidence extends PartEvidenceContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Preview extends PreviewContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Quarantine extends QuarantineContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Questions extends QuestionsContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Rebalancing extends RebalancingContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Roles extends RolesContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Service extends ServiceContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class SliceSum extends SliceSumContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class StoreLease extends StoreLeaseContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Storm extends StormContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Facade extends StowageContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Submit extends SubmitContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }

  @Nested
  class Time extends TimeContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }

    @Override
    protected StoreFixture open(LongSupplier clockNanos) {
      return new MemoryFixture(clockNanos);
    }
  }

  @Nested
  class WaitingReports extends WaitingReportsContract {
    @Override
    protected StoreFixture open() {
      return new MemoryFixture();
    }
  }
}
