package dev.stowage.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.contract.BadSettingsContract;
import dev.stowage.contract.StoreFixture;
import org.junit.jupiter.api.Tag;

/** Leases that nobody can hold, and executors that run nothing, on the PostgreSQL backend. */
@Tag("deep")
class PostgresBadSettingsTest extends BadSettingsContract {
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
