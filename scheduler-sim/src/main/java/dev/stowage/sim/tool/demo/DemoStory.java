package dev.stowage.sim.tool.demo;

import dev.stowage.lifecycle.Result;
import dev.stowage.model.Chunk;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Worker;
import dev.stowage.sim.kit.world.Chance;
import dev.stowage.sim.kit.world.World;
import dev.stowage.sim.tool.catalogue.ChunkCatalogue;
import dev.stowage.sim.tool.catalogue.Correction;
import dev.stowage.sim.tool.run.EventLedger;
import dev.stowage.sim.tool.run.FleetRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The events of a demo, in order; the affected mirrors are drawn from the seed. */
final class DemoStory {
  private static final int LEAST_FOR_A_LOSS = 3;
  private static final int LEAST_FOR_AN_ABSENCE = 2;

  private final FleetRun run;
  private final World world;
  private final ChunkCatalogue catalogue;
  private final List<Worker> mirrors;
  private final List<Worker> victims;

  DemoStory(FleetRun run, ChunkCatalogue catalogue, Chance chance, int workers) {
    this.run = run;
    this.world = run.world();
    this.catalogue = catalogue;
    this.mirrors = DemoFleet.of(workers);
    this.victims = victims(mirrors, chance);
  }

  List<DemoEvent> events() {
    List<DemoEvent> events = new ArrayList<>();
    events.add(new DemoEvent("fill", "The catalogue comes to an empty fleet", 1, this::fill));
    if (!catalogue.corrections().isEmpty()) {
      events.add(
          new DemoEvent(
              "corrections",
              "Corrections roll out as swaps while portals lag",
              DemoRules.CORRECTION_WAVES,
              this::correct));
    }
    if (mirrors.size() >= LEAST_FOR_A_LOSS) {
      events.add(loss());
    }
    if (mirrors.size() >= LEAST_FOR_AN_ABSENCE) {
      events.add(absence());
      events.add(emptied());
    }
    events.add(new DemoEvent("workers-join", "Two mirrors of 8 GiB join", 1, this::join));
    events.add(cut());
    return events;
  }

  private void fill(int round, EventLedger ledger) {
    if (round > 0) {
      return;
    }
    mirrors.forEach(world::join);
    run.ingest(catalogue.chunks()).ifPresent(DemoStory::refuseUnless);
  }

  private void correct(int round, EventLedger ledger) {
    List<Correction> all = catalogue.corrections();
    int each = (all.size() + DemoRules.CORRECTION_WAVES - 1) / DemoRules.CORRECTION_WAVES;
    int from = Math.min(all.size(), round * each);
    int to = Math.min(all.size(), from + each);
    Set<ChunkKey> replaced = new HashSet<>();
    all.forEach(correction -> replaced.add(correction.replaced()));
    for (Correction correction : all.subList(from, to)) {
      Chunk replacement = correction.replacement();
      refuseUnless(
          run.fleet()
              .swap(
                  replacement.key().dataset(),
                  List.of(correction.replaced()),
                  List.of(replacement),
                  world.nowNanos()));
      if (replaced.contains(replacement.key())) {
        ledger.passing(replacement);
      }
    }
  }

  private DemoEvent loss() {
    Worker lost = victims.get(0);
    int rounds =
        (int)
            ((DemoRules.DEPART_AFTER_TICKS + DemoRules.REGROW_AFTER_TICKS) / DemoRules.ROUND_TICKS);
    return new DemoEvent(
        "worker-lost",
        lost.id() + " is lost for ever",
        rounds + 2,
        (round, ledger) -> {
          if (round == 0) {
            world.silence(lost.id());
          }
        });
  }

  private DemoEvent absence() {
    Worker away = victims.get(Math.min(1, victims.size() - 1));
    return new DemoEvent(
        "worker-back",
        away.id() + " is away for a while and comes back with its disk",
        DemoRules.SHORT_ABSENCE_ROUNDS + 1,
        (round, ledger) -> {
          if (round == 0) {
            world.silence(away.id());
          } else if (round == DemoRules.SHORT_ABSENCE_ROUNDS) {
            world.comeBack(away.id());
          }
        });
  }

  private DemoEvent emptied() {
    Worker emptied = victims.get(victims.size() > 2 ? 2 : 0);
    return new DemoEvent(
        "worker-back-empty",
        emptied.id() + " is away for a while and comes back with an empty disk",
        DemoRules.SHORT_ABSENCE_ROUNDS + 1,
        (round, ledger) -> {
          if (round == 0) {
            world.silence(emptied.id());
          } else if (round == DemoRules.SHORT_ABSENCE_ROUNDS) {
            ledger.lost(emptied.id());
            world.comeBackEmpty(emptied.id());
          }
        });
  }

  private void join(int round, EventLedger ledger) {
    if (round == 0) {
      world.join(DemoFleet.newcomer(0, mirrors.size()));
      world.join(DemoFleet.newcomer(1, mirrors.size()));
    }
  }

  private DemoEvent cut() {
    Worker largest =
        victims.subList(Math.min(3, victims.size() - 1), victims.size()).stream()
            .max(Comparator.comparingLong(Worker::capacityBytes))
            .orElseThrow();
    return new DemoEvent(
        "capacity-cut",
        largest.id() + " loses half of its capacity",
        1,
        (round, ledger) -> {
          if (round == 0) {
            world.describe(largest.withCapacityBytes(largest.capacityBytes() / 2));
          }
        });
  }

  /**
   * Returns the mirrors that events may affect; the counted mirror is exempt, so that its limit
   * shows at the end.
   */
  private static List<Worker> victims(List<Worker> mirrors, Chance chance) {
    return shuffled(mirrors, chance).stream().filter(each -> !DemoFleet.isCounted(each)).toList();
  }

  private static List<Worker> shuffled(List<Worker> mirrors, Chance chance) {
    List<Worker> order = new ArrayList<>(mirrors);
    for (int i = order.size() - 1; i > 0; i--) {
      int other = chance.below(i + 1);
      Worker moved = order.set(i, order.get(other));
      order.set(other, moved);
    }
    return order;
  }

  /**
   * Throws {@link IllegalStateException} if the fleet refuses a chunk, since the catalogue was
   * checked when it was read.
   */
  private static void refuseUnless(Result accepted) {
    if (!accepted.isAccepted()) {
      throw new IllegalStateException("the fleet refuses a chunk that was checked: " + accepted);
    }
  }
}
