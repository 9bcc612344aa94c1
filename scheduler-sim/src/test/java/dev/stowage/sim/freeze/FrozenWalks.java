package dev.stowage.sim.freeze;

import dev.stowage.sim.kit.walk.CaseResult;
import dev.stowage.sim.kit.walk.WalkBackend;
import dev.stowage.sim.kit.walk.WalkModel;
import dev.stowage.sim.kit.walk.WalkPlan;
import dev.stowage.sim.kit.walk.Walks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Walks of every model on memory, with all that they were told, answered, judged and recorded. */
final class FrozenWalks {
  private static final int WALKS = 700;

  /** So many walks have one line. */
  private static final int TOGETHER = 50;

  private FrozenWalks() {}

  static List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (int first = 1; first <= WALKS; first += TOGETHER) {
      for (WalkModel model : WalkModel.values()) {
        int from = first;
        pieces.add(new Piece("walks", () -> List.of(line(model, from))));
      }
    }
    return pieces;
  }

  private static String line(WalkModel model, int first) {
    Digest digest = new Digest();
    for (int seed = first; seed < first + TOGETHER; seed++) {
      Records records = new Records(digest);
      WalkBackend backend = WalkBackend.memory().recordedBy(records);
      add(digest, Walks.one(model, seed, WalkPlan.DEFAULT_STEPS, backend));
    }
    int last = first + TOGETHER - 1;
    return String.format(Locale.ROOT, "%s %03d-%03d ", model.title(), first, last) + digest.hex();
  }

  private static void add(Digest digest, CaseResult walk) {
    digest.add(walk.seed()).add(walk.steps()).add(walk.lines()).add(walk.trace());
    walk.finding().ifPresent(it -> digest.add(it.kind()).add(it.text()));
    walk.counts().forEach((what, count) -> digest.add(what).add(count));
  }
}
