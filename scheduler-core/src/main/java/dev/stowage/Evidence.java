package dev.stowage;

import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.Subject;
import dev.stowage.replay.Deed;
import dev.stowage.replay.EngineReplay;
import java.util.List;
import java.util.Objects;

/** Reads what a facade has recorded. */
public final class Evidence {
  private Evidence() {}

  /** Returns the evidence of a facade, to be read while no command runs. Leader only. */
  public static EvidenceLog of(Stowage stowage) {
    return stowage.openEngine().evidence();
  }

  /**
   * Returns the deeds and the in-memory records that touch a subject, in order and in words. Leader
   * only.
   */
  public static List<Explained> about(Stowage stowage, Subject subject) {
    return stowage
        .openEngine()
        .explain(Objects.requireNonNull(subject, "subject"), EngineReplay.catalog());
  }

  /** Returns the kept deeds, oldest first. Reads the store, on any process. */
  public static List<Deed> deeds(Stowage stowage) {
    return Deed.in(stowage.openEngine().store().deeds());
  }
}
