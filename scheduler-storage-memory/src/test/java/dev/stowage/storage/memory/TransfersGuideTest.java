package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Propagation;
import dev.stowage.Stowage;
import dev.stowage.StowageService;
import dev.stowage.StowageService.Pace;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Outcome;
import dev.stowage.answer.ChunkStatus.ChunkState;
import dev.stowage.command.ReportHeader;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentScheduler;
import dev.stowage.contract.SmallFleet;
import dev.stowage.lifecycle.documents.SliceEntry;
import dev.stowage.lifecycle.documents.WorkerSlice;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.PortalId;
import dev.stowage.model.WorkerId;
import dev.stowage.propagation.AssignmentPropagation;
import dev.stowage.propagation.Message;
import dev.stowage.propagation.PropagationConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples of the page on transfers, run; and the page, held against this file. */
class TransfersGuideTest {
  /** Waits a hundredth of what it is told to. */
  private final ScheduledExecutorService executor =
      new ScheduledThreadPoolExecutor(1) {
        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
          return super.schedule(work, unit.toNanos(delay) / 100, TimeUnit.NANOSECONDS);
        }
      };

  private final Stowage stowage = SmallFleet.facade(MemoryChunkStore.create(), "one");
  private final SmallFleet fleet = new SmallFleet(stowage);
  private final List<Message> messages = new ArrayList<>();

  @AfterEach
  void stop() {
    executor.shutdownNow();
    stowage.close();
  }

  private void begin() {
    stowage.claim(fleet.now());
    fleet.join(1_000, "mirror-1", "mirror-2").ingest(SmallFleet.chunk("c", 0));
    fleet.ingest(SmallFleet.chunk("d", 10)).pass(1);
  }

  private boolean deliver(Message message) {
    return messages.add(message);
  }

  /** A transport whose first transfer fails, and all others arrive at once. */
  private static final class Wire {
    private final CountDownLatch copies = new CountDownLatch(4);
    private int sent;

    synchronized void send(
        Transfers.Transfer transfer,
        ContentScheduler.CancelToken token,
        LongConsumer arrived,
        Consumer<String> failed) {
      boolean fails = sent++ == 0 || token.isCancelled();
      new Thread(
              () -> {
                if (fails) {
                  failed.accept("reset");
                } else {
                  transfer.chunk().ifPresent(copy -> copies.countDown());
                  arrived.accept(1_000);
                }
              })
          .start();
    }
  }

  @Test
  void push_bringsEveryCopy() throws InterruptedException {
    begin();
    AtomicLong time = new AtomicLong(fleet.now());
    LongSupplier clock = () -> time.addAndGet(100_000_000);
    Wire wire = new Wire();
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
    Transfers transfers = Transfers.of(stowage, queue, (worker, bytes) -> bytes / 100e6);

    StowageService service = new StowageService(stowage, executor, clock, Pace.DEFAULT);
    transfers.send(
        service,
        item -> {
          // otherwise it is an item that the host queued itself
          if (item instanceof Transfers.Transfer transfer) {
            wire.send(
                transfer,
                queue.token(transfer.id()).orElseThrow(), // once cancelled, sending it is of no use
                nanos -> { // it has arrived, whatever the thread
                  WorkerId to = transfer.worker();
                  long bytes = transfer.chunk().map(SliceEntry::sizeBytes).orElse(1L);
                  service.submit(now -> transfers.arrived(transfer.id()));
                  service.submit(
                      now -> transfers.observedFromOrigin(to, bytes, nanos, Outcome.ARRIVED, now));
                },
                reason -> service.submit(now -> transfers.failed(transfer.id(), reason, now)));
          }
        });
    service.start();

    assertThat(wire.copies.await(1, TimeUnit.MINUTES)).isTrue();
    service.close();
    assertThat(stowage.stats().hostFailures()).isZero();
  }

  private boolean download(SliceEntry entry) {
    return entry.sizeBytes() > 0;
  }

  private ReportHeader header() {
    return fleet.header("mirror-1");
  }

  @Test
  void pull_countsEachCopy() {
    begin();
    stowage.schedule(fleet.now());
    fleet.fetch("mirror-2");
    WorkerId worker = WorkerId.of("mirror-1");
    Set<ChunkNumber> disk = new HashSet<>();
    long now = fleet.now();

    WorkerSlice slice = stowage.fleet().slice(worker).orElseThrow();
    Set<ChunkNumber> wanted = new HashSet<>();
    slice.entries().forEach(entry -> wanted.add(entry.number()));
    disk.retainAll(wanted); // what the slice does not name may be deleted
    List<ChunkNumber> missing = new ArrayList<>(wanted);
    missing.removeAll(disk);
    for (SliceEntry entry : slice.entries()) {
      if (missing.contains(entry.number()) && download(entry)) {
        disk.add(entry.number());
        missing.remove(entry.number());
        // counts from now on: nothing waits for the slowest
        stowage.applied(header(), slice.id(), missing, now);
      }
    }
    stowage.applied(header(), slice.id(), missing, now);

    stowage.publish(now);
    assertThat(stowage.status(List.of(SmallFleet.key("c"), SmallFleet.key("d"))))
        .allSatisfy(it -> assertThat(it.state()).contains(ChunkState.VISIBLE));
  }

  @Test
  void propagation_bringsSlices_andTransfersCopiesAlone() {
    begin();
    ContentScheduler queue = ContentScheduler.of(ContentConfig.DEFAULT);
    List<Transfers.ToSend> sent = new ArrayList<>();
    Transfers.Sender sender = sent::add;
    StowageService service = new StowageService(stowage, executor, fleet::now, Pace.DEFAULT);

    Transfers copies = Transfers.of(stowage, queue, (worker, bytes) -> bytes / 100e6).copiesOnly();
    AssignmentPropagation news = Propagation.of(stowage, PropagationConfig.DEFAULT);
    copies.send(service, sender);
    Propagation.send(news, service, message -> deliver(message));
    service.submit(now -> news.register(WorkerId.of("mirror-1"), now));
    service.submit(now -> news.register(PortalId.of("reader"), now));

    service.turn();
    fleet.pass(1);
    service.turn();
    assertThat(messages).hasAtLeastOneElementOfType(Message.Slice.class);
    assertThat(sent)
        .hasSize(4)
        .allSatisfy(it -> assertThat(((Transfers.Transfer) it).chunk()).isPresent());
  }
}
