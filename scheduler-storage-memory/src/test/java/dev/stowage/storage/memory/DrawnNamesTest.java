package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.StowageConfig;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Names that nobody gave are drawn, and never meet: those of holders and of lineages. */
class DrawnNamesTest {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  @Test
  void holder_thatNobodyNamed_isAnotherForEachFacade() {
    MemoryChunkStore store = MemoryChunkStore.builder().twin().build();
    StowageConfig config = StowageConfig.defaults();
    Stowage.Builder builder = Stowage.builder(store).config(config);
    String first = builder.build().holder();
    assertThat(first).matches("stowage-[0-9a-f]{16}");
    assertThat(builder.build().holder()).matches("stowage-[0-9a-f]{16}").isNotEqualTo(first);
    Stowage leader = audit.watch(Stowage.builder(store).build());
    assertThat(leader.claim(0).lease().holder()).isEqualTo(leader.holder());
  }

  private static Lineage begun(MemoryChunkStore store) {
    try (Stowage stowage = Stowage.builder(store).build()) {
      stowage.claim(0);
      return stowage.fleet().lineage();
    }
  }

  @Test
  void lineage_isAnotherForEachStore_unlessItIsGiven() {
    assertThat(begun(MemoryChunkStore.builder().twin().build()))
        .isNotEqualTo(begun(MemoryChunkStore.create()));
    assertThat(begun(MemoryChunkStore.builder().twin().fixedLineages().build()))
        .isEqualTo(begun(MemoryChunkStore.builder().twin().fixedLineages().build()));
    assertThat(begun(MemoryChunkStore.builder().twin().lineageTokens(() -> 7).build()))
        .isEqualTo(Lineage.of(7));
  }

  @Test
  void restartedHost_isNotMistakenForItsPredecessor() {
    PortalAssignment known = served(0).fleet().portalAssignment();
    Stowage again = served(1);
    assertThat(again.fleet().ids().portal()).as("the same numbers again").isEqualTo(known.id());
    assertThat(again.fleet().portalSince(known.lineage(), known.id()).from())
        .as("no delta of another history")
        .isEmpty();
    assertThat(
            again
                .fleet()
                .sliceSince(WorkerId.of("a"), known.lineage(), again.fleet().ids().worker())
                .orElseThrow()
                .header()
                .from())
        .isEmpty();
  }

  private Stowage served(int run) {
    Stowage stowage =
        audit.watch(SmallFleet.facade(MemoryChunkStore.builder().twin().build(), "host"));
    SmallFleet fleet = new SmallFleet(stowage);
    stowage.claim(fleet.now());
    fleet.join(1_000, "a", "b").ingest(chunk("c" + run, 0)).settle();
    return stowage;
  }
}
