package host;

import dev.stowage.store.ChunkStoreContract;
import dev.stowage.store.StoreFixture;

class ChunkStoreContractTest extends ChunkStoreContract {
  @Override
  protected StoreFixture open() {
    return new OwnFixture();
  }
}
