package host;

import dev.stowage.contract.ChunkStoreContract;
import dev.stowage.contract.StoreFixture;

class ChunkStoreContractTest extends ChunkStoreContract {
  @Override
  protected StoreFixture open() {
    return new OwnFixture();
  }
}
