package dev.stowage.sim.freeze;

import dev.stowage.content.ContentConfig;
import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.sim.kit.world.Chance;
import java.util.ArrayList;
import java.util.List;

/** What content schedulers record of drawn queues. */
final class FrozenContent {
  private static final int QUEUES = 40;
  private static final int STEPS = 400;

  private FrozenContent() {}

  static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (Fairness fairness : List.of(Fairness.DEFICIT_ROUND_ROBIN, Fairness.OFF)) {
      ContentConfig config = ContentConfig.DEFAULT.withFairness(fairness);
      Digest digest = new Digest();
      for (int seed = 1; seed <= QUEUES; seed++) {
        EvidenceLog log = EvidenceLog.of(ContentScheduler.header(config, "any"));
        tell(ContentScheduler.recording(config, log), Chance.ofSeed(seed));
        for (EvidenceRecord record : log.records()) {
          Records.add(digest, record);
        }
      }
      String title = fairness == Fairness.OFF ? "content by rank " : "content by turns ";
      lines.add(title + digest.hex());
    }
    return lines;
  }

  private static void tell(ContentScheduler scheduler, Chance chance) {
    List<Long> sent = new ArrayList<>();
    long now = 0;
    for (int step = 1; step <= STEPS; step++) {
      now += chance.below(50_000_000);
      switch (chance.below(8)) {
        case 0, 1, 2, 3 -> scheduler.schedule(item(step, now, chance), now);
        case 4, 5 ->
            scheduler.decide(now).selected().ifPresent(selected -> sent.add(selected.item().id()));
        case 6 -> scheduler.cancel(1 + chance.below(step));
        default -> {
          if (!sent.isEmpty()) {
            long id = sent.remove(chance.below(sent.size()));
            if (chance.happens(30)) {
              scheduler.fail(id, "lost", now);
            } else {
              scheduler.complete(id);
            }
          }
        }
      }
    }
  }

  private static ContentItem item(long id, long now, Chance chance) {
    PriorityClass urgency =
        List.of(
                PriorityClass.TELEMETRY,
                PriorityClass.PREFETCH,
                PriorityClass.REPAIR,
                PriorityClass.DATA,
                PriorityClass.PROOF,
                PriorityClass.MANIFEST,
                PriorityClass.CONTROL)
            .get(chance.below(7));
    ContentItem item =
        ContentItem.of(id, urgency, chance.below(1 << 20), chance.below(9), chance.below(100))
            .inStream(chance.below(5));
    return chance.happens(30) ? item.withDeadline(now + chance.below(900_000_000)) : item;
  }
}
