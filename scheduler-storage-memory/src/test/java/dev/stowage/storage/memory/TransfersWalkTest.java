package dev.stowage.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.Stowage;
import dev.stowage.Transfers;
import dev.stowage.Transfers.Outcome;
import dev.stowage.Transfers.Transfer;
import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentConfig.QueueLimits;
import dev.stowage.content.ContentConfig.Retries;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.contract.SmallFleet;
import dev.stowage.model.ChunkNumber;
import dev.stowage.model.WorkerId;
import dev.stowage.model.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Transfers that follow what changes ask for what fresh ones ask for that look at everything, in
 * any history.
 */
class TransfersWalkTest {
  private static final String[] WORKERS = {"w1", "w2", "w3", "w4"};
  private static final ContentConfig CONFIG =
      ContentConfig.DEFAULT.withRetries(new Retries(0, 1, 1)).withMaxWait(Duration.ofDays(1));

  @Property(seed = "1", shrinking = ShrinkingMode.OFF)
  void following_asksForWhatLookingAtEverythingAsksFor(@ForAll long seed) {
    new Walk(seed, CONFIG, 0).run(true);
  }

  /** A lane for each worker. */
  @Property(seed = "3", shrinking = ShrinkingMode.OFF)
  void following_throughLanes_asksForTheSame(@ForAll long seed) {
    new Walk(seed, CONFIG, WORKERS.length).run(true);
  }

  @Property(seed = "2", shrinking = ShrinkingMode.OFF)
  void following_losesNothing_whereLittleHasRoom(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    QueueLimits.Overflow overflow =
        random.nextBoolean() ? QueueLimits.Overflow.SHED : QueueLimits.Overflow.REJECT;
    int most = 1 + random.nextInt(6);
    new Walk(seed, CONFIG.withLimits(new QueueLimits(most, 1 << 20, most, 1 << 20, overflow)), 0)
        .run(false);
  }

  /** One fleet and the transfers that follow it. */
  private static final class Walk {
    private final SplittableRandom random;
    private final Stowage stowage =
        SmallFleet.facade(MemoryChunkStore.builder().twin().fixedLineages().build(), "a");
    private final SmallFleet fleet = new SmallFleet(stowage);
    private final Transfers transfers;
    private int chunks;

    /**
     * True if arrivals are reported. A worker that departs or owes its inventory reports none, and
     * its arrivals are not requested again: those walks have no such workers.
     */
    private final boolean isTold;

    /**
     * Begins one.
     *
     * @param lanes through which the transfers go; 0 for none
     */
    Walk(long seed, ContentConfig config, int lanes) {
      random = new SplittableRandom(seed);
      isTold = random.nextBoolean();
      transfers = transfersOver(config.withMaxStreams(lanes));
    }

    private Transfers transfersOver(ContentConfig config) {
      return Transfers.of(stowage, ContentScheduler.of(config), (worker, bytes) -> bytes / 1e6)
          .copiesOnly();
    }

    void run(boolean isRoomy) {
      stowage.claim(fleet.now());
      fleet.join(800, WORKERS);
      for (int step = 0; step < 40; step++) {
        change();
        if (random.nextInt(3) == 0) {
          stowage.schedule(fleet.pass(1).now());
          compare(isRoomy);
        }
      }
      stowage.close();
    }

    private void change() {
      String worker = WORKERS[random.nextInt(WORKERS.length)];
      switch (random.nextInt(9)) {
        case 0, 1 -> fleet.ingest(SmallFleet.chunk("c" + chunks, 10L * chunks++));
        case 2 -> stowage.remove(SmallFleet.key("c" + random.nextInt(1 + chunks)), fleet.now());
        case 3 -> stowage.setStatus(WorkerId.of(worker), status(), fleet.now());
        case 4 -> lose(worker);
        case 5 -> fleet.fetch(worker);
        case 6 -> {
          if (!isTold) {
            fleet.register(worker);
          }
        }
        case 7 -> stowage.publish(fleet.now());
        default -> {
          stowage.resign();
          stowage.claim(fleet.pass(1).now());
        }
      }
    }

    private WorkerStatus status() {
      WorkerStatus[] all = WorkerStatus.values();
      WorkerStatus drawn = all[random.nextInt(all.length)];
      return isTold && drawn == WorkerStatus.DEPARTED ? WorkerStatus.ACTIVE : drawn;
    }

    private void lose(String worker) {
      List<ChunkNumber> lost = new ArrayList<>();
      for (ChunkNumber number : fleet.disk(worker)) {
        if (random.nextBoolean()) {
          lost.add(number);
        }
      }
      fleet.disk(worker).removeAll(lost);
      stowage.lost(fleet.header(worker), lost, fleet.now());
    }

    private void compare(boolean isRoomy) {
      List<Transfer> expected = new ArrayList<>();
      Transfers fresh = transfersOver(CONFIG);
      fresh.reconcile(fleet.now());
      drain(fresh, expected);
      List<Transfer> sent = new ArrayList<>();
      do {
        transfers.follow(fleet.now());
      } while (drain(transfers, sent));
      assertThat(pairs(sent)).isEqualTo(pairs(expected));
      assertThat(sent).as("no copy goes twice").hasSize(expected.size());
      if (isRoomy) {
        assertThat(classes(sent)).isEqualTo(classes(expected));
        assertThat(isByUrgency(sent)).as("Data to one worker by urgency").isTrue();
      }
      boolean isArriving = random.nextBoolean();
      for (Transfer transfer : sent) {
        if (isArriving && isTold) {
          transfers.arrived(transfer.id());
        } else if (random.nextBoolean()) {
          transfers.failed(transfer.id(), "reset", fleet.now());
        } else {
          transfers.damaged(transfer.id(), random.nextLong(100), "reset", fleet.now());
        }
        observe(transfer);
      }
      if (isArriving) {
        fleet.fetch();
        stowage.schedule(fleet.pass(1).now());
        transfers.follow(fleet.now());
      }
    }

    private void observe(Transfer transfer) {
      Outcome outcome = Outcome.values()[random.nextInt(Outcome.values().length)];
      long bytes = random.nextLong(1 << 20);
      long nanos = 1 + random.nextLong(10_000_000_000L);
      if (transfer.sources().isEmpty()) {
        transfers.observedFromOrigin(transfer.worker(), bytes, nanos, outcome, fleet.now());
      } else {
        WorkerId source = transfer.sources().get(0);
        transfers.observed(source, transfer.worker(), bytes, nanos, outcome, fleet.now());
      }
    }

    private boolean drain(Transfers from, List<Transfer> to) {
      int before = to.size();
      Optional<Transfer> next = from.next(fleet.now()).transfer();
      while (next.isPresent()) {
        to.add(next.get());
        next = from.next(fleet.now()).transfer();
      }
      return to.size() > before;
    }

    private static String chunkOf(Transfer transfer) {
      return transfer.chunk().orElseThrow().key().id();
    }

    private static List<String> pairs(List<Transfer> sent) {
      return sent.stream().map(it -> chunkOf(it) + " to " + it.worker()).sorted().toList();
    }

    private static Map<String, List<PriorityClass>> classes(List<Transfer> sent) {
      Map<String, List<PriorityClass>> classes = new TreeMap<>();
      for (Transfer it : sent) {
        classes
            .computeIfAbsent(chunkOf(it), key -> new ArrayList<>())
            .add(it.decision().item().priorityClass());
      }
      classes.values().forEach(list -> list.sort(null));
      return classes;
    }

    private static boolean isByUrgency(List<Transfer> sent) {
      Map<WorkerId, Double> last = new TreeMap<>();
      for (Transfer it : sent) {
        ContentItem item = it.decision().item();
        if (item.priorityClass() == PriorityClass.DATA) {
          Double before = last.put(it.worker(), item.efficiency());
          if (before != null && before < item.efficiency()) {
            return false;
          }
        }
      }
      return true;
    }
  }
}
