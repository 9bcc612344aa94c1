package modular;

import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.sim.kit.conformance.Budget;
import dev.stowage.sim.kit.conformance.ChunkStoreProperties;
import dev.stowage.sim.kit.conformance.StoreUnderTest;
import dev.stowage.store.spi.FleetStore;
import host.Bug;
import host.OwnStore;
import java.util.List;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class KitOnTheModulePathTest extends ChunkStoreProperties {
  @Override
  protected StoreUnderTest open(LongSupplier lineageTokens) {
    return new OwnUnderTest(OwnStore.open(lineageTokens, Bug.NONE));
  }

  @Override
  protected Budget budget() {
    return new Budget(1, 60, 1, 50, 1);
  }

  @Test
  void kit_andContracts_areNamedModules() {
    for (Class<?> type : List.of(getClass(), ChunkStoreContract.class, Budget.class)) {
      if (!type.getModule().isNamed()) {
        throw new AssertionError(type + " is on the class path");
      }
    }
  }

  private record OwnUnderTest(OwnStore store) implements StoreUnderTest {
    @Override
    public FleetStore connect() {
      return store;
    }

    @Override
    public void expireLease() {
      store.expireLease();
    }

    @Override
    public void crash() {
      store.crash();
    }

    @Override
    public boolean keepsAssignments() {
      return true;
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
