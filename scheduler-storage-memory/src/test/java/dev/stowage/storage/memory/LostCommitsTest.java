package dev.stowage.storage.memory;

import static dev.stowage.contract.SmallFleet.chunk;
import static dev.stowage.contract.SmallFleet.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stowage.Stowage;
import dev.stowage.command.Command;
import dev.stowage.contract.AuditExtension;
import dev.stowage.contract.FaultyStore;
import dev.stowage.contract.LogSender;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.Lineage;
import dev.stowage.store.Lease.LeaseRequest;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.ForwardingStore;
import dev.stowage.store.spi.StoreTransaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A memory store that falls back to a checkpoint, as a failover does that lost commits. */
class LostCommitsTest {
  @RegisterExtension final AuditExtension audit = new AuditExtension();

  private final MemoryChunkStore store = MemoryChunkStore.builder().twin().fixedLineages().build();
  private Stowage stowage = lead("first");
  private final SmallFleet fleet = new SmallFleet(stowage);

  private Stowage lead(String holder) {
    Stowage facade = audit.watch(SmallFleet.facade(store, holder));
    assertThat(facade.claim(1_000_000_000L).granted()).isTrue();
    return facade;
  }

  @Test
  void claim_thatCouldNotBeginItsLineage_doesNotLead_andTheNextOneBeginsIt() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    Lineage former = stowage.fleet().lineage();
    store.restore(store.checkpoint());
    FaultyStore faulty = new FaultyStore(store).failNext(FaultyStore.Fault.BEFORE_COMMIT);
    stowage = audit.watch(SmallFleet.facade(faulty, "second"));
    assertThatThrownBy(() -> stowage.claim(fleet.now()))
        .isInstanceOf(StorageException.Transient.class);
    assertThat(stowage.isLeading()).isFalse();
    assertThat(stowage.claim(fleet.now()).granted()).isTrue();
    assertThat(stowage.fleet().lineage()).isNotEqualTo(former);
  }

  @Test
  void leader_doesNotLead_andTellsNothing_whileItsLineageBegins() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    store.restore(store.checkpoint());
    List<Boolean> led = new ArrayList<>();
    ForwardingStore watched =
        new ForwardingStore(store) {
          @Override
          protected StoreTransaction transaction(StoreTransaction begun) {
            led.add(stowage.isLeading());
            assertThatThrownBy(stowage::fleet).isInstanceOf(StorageException.Transient.class);
            return super.transaction(begun);
          }
        };
    stowage = audit.watch(SmallFleet.facade(watched, "second"));
    stowage.claim(fleet.now());
    assertThat(led).containsExactly(false);
    assertThat(stowage.isLeading()).isTrue();
  }

  @Test
  void formerLeader_isFenced_andAllAreRefused_untilTheGrantedLineageHasBegun() {
    fleet.join(1_000, "a", "b").ingest(chunk("c1", 0)).settle();
    store.restore(store.checkpoint());
    assertThatThrownBy(() -> stowage.schedule(fleet.now()))
        .isInstanceOf(StorageException.Fenced.class);
    requireRefusals();
    store.claim(new LeaseRequest("second", Duration.ofSeconds(10)));
    requireRefusals();
    stowage = lead("second");
    assertThat(store.view().lineage()).isEqualTo(stowage.fleet().lineage());
  }

  private void requireRefusals() {
    Command<?> remove = new Command.Remove(key("c1"));
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            store::view,
            () -> store.ask(Questions.status(List.of(key("c1")))),
            () -> new LogSender(store, 1).append(remove))) {
      assertThatThrownBy(call).isInstanceOf(StorageException.Transient.class);
    }
  }
}
