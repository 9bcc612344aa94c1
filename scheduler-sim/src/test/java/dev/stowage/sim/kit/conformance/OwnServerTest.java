package dev.stowage.sim.kit.conformance;

import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The kit on a server from an image, as the page of one's own server has it. */
@Tag("deep")
@EnabledIfEnvironmentVariable(named = "STOWAGE_TEST_IMAGE", matches = ".+")
class OwnServerTest extends ChunkStoreProperties {
  private static final PostgresUnderTest SERVER = PostgresUnderTest.of(System.getenv());

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @Override
  protected StoreUnderTest open(LongSupplier lineageTokens) {
    return SERVER.open(lineageTokens);
  }

  @Override
  protected StoreUnderTest open(LongSupplier lineageTokens, LongSupplier trustedNanos) {
    return SERVER.open(lineageTokens, trustedNanos);
  }
}
